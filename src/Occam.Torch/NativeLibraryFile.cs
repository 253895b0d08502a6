using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Occam.Torch;

/// <summary>
/// Where <c>liboccam_torch.so</c> comes from. A build of the repository puts it beside the program. A package has one that was built
/// against the oldest libtorch that is supported; it names that version, and loads with no other. Then the sources, which this
/// assembly carries, are compiled against the libtorch that is there: once, into a folder of the user's cache. In <c>placeholders</c>
/// beside it lie empty libraries in place of those that libtorch names and doesn't use, which would take most of the time to load.
/// </summary>
internal static class NativeLibraryFile
{
    private const string FileName = "liboccam_torch.so";
    private const string Sources = "native/";

    /// <summary>Loads it.</summary>
    /// <exception cref="TorchException">There is no libtorch, or none that it can be compiled against.</exception>
    public static nint Load(string name, Assembly assembly, DllImportSearchPath? search)
    {
        var beside = Path.Combine(AppContext.BaseDirectory, FileName);
        if (File.Exists(beside) && TryLoad(beside, out var library))
        {
            return library;
        }

        // A package's is linked against the system's libtorch; who names another wants that one.
        var own = Environment.GetEnvironmentVariable("LIBTORCH") is { Length: > 0 } folder ? folder : null;
        if (own is null && NativeLibrary.TryLoad(name, assembly, search, out library))
        {
            return library;
        }

        var compiled = Compiled(assembly, own);
        try
        {
            return TryLoad(compiled, out library) ? library : NativeLibrary.Load(compiled);
        }
        catch (DllNotFoundException e)
        {
            throw new TorchException($"libtorch can't be loaded ({e.Message.Split('\n')[0].Trim()}): install libtorch-dev, or set LIBTORCH "
                + "to an unpacked libtorch or to the torch/ folder of a pip PyTorch");
        }
    }

    // With what stands in the place of libraries that libtorch names and doesn't use, and without where they don't serve.
    private static bool TryLoad(string path, out nint library)
    {
        var placeholders = new List<nint>();
        foreach (var file in Placeholders(path))
        {
            if (NativeLibrary.TryLoad(file, out var placeholder))
            {
                placeholders.Add(placeholder);
            }
        }

        if (NativeLibrary.TryLoad(path, out library))
        {
            return true;
        }

        placeholders.ForEach(NativeLibrary.Free);
        return placeholders.Count > 0 && NativeLibrary.TryLoad(path, out library);
    }

    private static string[] Placeholders(string path)
    {
        try
        {
            return Directory.GetFiles(Path.Combine(Path.GetDirectoryName(path)!, "placeholders"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The library compiled for this machine's libtorch: the one in the cache, or else compiled now.</summary>
    private static string Compiled(Assembly assembly, string? own)
    {
        var folder = Path.Combine(Cache(), Key(assembly, own));
        var library = Path.Combine(folder, "build", FileName);
        if (!File.Exists(library))
        {
            Console.Error.WriteLine("occam: compiling the native library against libtorch (about a minute, once)");
            try
            {
                Directory.CreateDirectory(folder);
                foreach (var resource in SourceNames(assembly))
                {
                    Write(assembly.GetManifestResourceStream(resource)!, Path.Combine(folder, resource[Sources.Length..]));
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new TorchException($"the native library can't be compiled: {e.Message} (XDG_CACHE_HOME names another folder)");
            }

            Compile(folder);
        }

        return library;
    }

    /// <summary>Writes a file that appears whole or not at all, for another process may be compiling here.</summary>
    private static void Write(Stream content, string path)
    {
        if (File.Exists(path))
        {
            return;
        }

        var unfinished = $"{path}.{Environment.ProcessId}";
        using (content)
        using (var file = new FileStream(unfinished, FileMode.Create))
        {
            content.CopyTo(file);
        }

        File.Move(unfinished, path, overwrite: true);
    }

    private static void Compile(string folder)
    {
        using var build = Process.Start(new ProcessStartInfo("/bin/sh", [Path.Combine(folder, "build.sh")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = build.StandardOutput.ReadToEndAsync();
        var errors = build.StandardError.ReadToEnd();
        _ = output.Result;
        build.WaitForExit();
        if (build.ExitCode != 0)
        {
            const string Sign = ": error OCCAM";
            var said = errors.Split('\n').LastOrDefault(line => line.Contains(Sign, StringComparison.Ordinal));
            throw new TorchException("the native library can't be compiled against libtorch: "
                + (said is null ? errors.Trim() : said[(said.IndexOf(Sign, StringComparison.Ordinal) + Sign.Length + "1: ".Length)..]));
        }
    }

    private static string Cache()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(cache, "occam", "native");
    }

    /// <summary>A name for what the sources and the libtorch that is found make together.</summary>
    private static string Key(Assembly assembly, string? own)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var resource in SourceNames(assembly))
        {
            using var source = assembly.GetManifestResourceStream(resource)!;
            var bytes = new byte[source.Length];
            source.ReadExactly(bytes);
            digest.AppendData(bytes);
        }

        foreach (var file in LibtorchFiles(own))
        {
            var said = $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}\n";
            digest.AppendData(Encoding.UTF8.GetBytes(said));
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset())[..16];
    }

    private static IEnumerable<FileInfo> LibtorchFiles(string? own)
    {
        string[] byMachine = Directory.Exists("/usr/lib") ? Directory.GetDirectories("/usr/lib", "*-linux-*") : [];
        string[] folders = own is not null ? [Path.Combine(own, "lib")] : ["/usr/lib", "/usr/lib64", "/usr/local/lib", .. byMachine];
        return folders.Select(folder => new FileInfo(Path.Combine(folder, "libtorch.so"))).Where(file => file.Exists);
    }

    private static IEnumerable<string> SourceNames(Assembly assembly) =>
        assembly.GetManifestResourceNames().Where(name => name.StartsWith(Sources, StringComparison.Ordinal)).Order(StringComparer.Ordinal);
}
