using System.Diagnostics;

namespace Occam.Site;

/// <summary>Files of public packages, each fetched once.</summary>
internal static class PublicPackage
{
    /// <summary>A file of a NuGet package, which NuGet keeps where it keeps all.</summary>
    /// <param name="cache">The folder below which packages are kept.</param>
    /// <param name="package">The package's name.</param>
    /// <param name="version">Its version.</param>
    /// <param name="file">The file's path inside it.</param>
    /// <returns>Where the file is, if it could be had.</returns>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no .NET to fetch it.</exception>
    public static string NuGet(string cache, string package, string version, string file)
    {
        var name = package.ToLowerInvariant();
        var folder = Path.Combine(cache, name);
        var kept = Path.Combine(folder, "packages", name, version, file);
        if (!File.Exists(kept))
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "Directory.Build.props"), "<Project />");
            File.WriteAllText(Path.Combine(folder, "Directory.Packages.props"), "<Project />");
            File.WriteAllText(Path.Combine(folder, "fetch.csproj"), $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
                  <ItemGroup><PackageDownload Include="{package}" Version="[{version}]" /></ItemGroup>
                </Project>
                """);
            Run("dotnet", folder, "restore", "--packages", "packages");
        }

        return kept;
    }

    /// <summary>Runs a program for two minutes at most; what goes wrong leaves no file, which is seen.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program.</exception>
    public static void Run(string program, string folder, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var read = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(TimeSpan.FromMinutes(2)))
        {
            process.Kill(entireProcessTree: true);
        }

        read.Wait();
    }
}
