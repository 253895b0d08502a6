using Occam.Lab.Tests;
using Occam.Networks.Builders;
using Occam.Networks.Onnx;
using Occam.Torch;
using Xunit;

namespace Occam.Cli.Tests.Packaging;

/// <summary>
/// Packs the libraries and the program and takes them up as a stranger does: a new project, a tool, nothing of this repository beside.
/// </summary>
public sealed class PackageTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("occam-packages-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_new_project_runs_the_readmes_snippet_from_the_packages()
    {
        await Pack("Occam.Torch", "Occam", "Occam.Lab");
        var (feed, packages) = (In("feed"), Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"));
        File.WriteAllText(In("nuget.config"), $"""
            <configuration><packageSources><add key="feed" value="{feed}" /></packageSources></configuration>
            """);
        File.WriteAllText(In("user.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <RestorePackagesPath>packages</RestorePackagesPath>
                <RestoreFallbackFolders>{packages}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Occam.Lab" Version="{Version}" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(In("Program.cs"), Snippet());
        WriteNetwork(In("net.onnx"));

        var output = await Dotnet.Run(_folder.FullName, "dotnet", "run");

        Assert.Matches(@"Geometric complexity: [0-9.]+ exact\n", output);
        Assert.Contains("Local Lipschitz constant", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_is_installed_as_a_tool()
    {
        await Pack("Occam.Cli");
        File.WriteAllText(In("nuget.config"), $"""
            <configuration><packageSources><clear /><add key="feed" value="{In("feed")}" /></packageSources></configuration>
            """);
        WriteNetwork(In("net.onnx"));

        await Dotnet.Run(_folder.FullName, "dotnet", "tool", "install", "Occam.Cli", "--tool-path", In("tools"), "--version", Version);
        var output = await Dotnet.Run(
            _folder.FullName, In("tools/occam"), "measure", "net.onnx", "--data", "glyphs:test", "--limit", "20", "--json");

        Assert.Contains("\"geometric-complexity\"", output, StringComparison.Ordinal);
    }

    private static string Version => typeof(Measuring.Complexity).Assembly.GetName().Version!.ToString(3);

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private async Task Pack(params string[] projects)
    {
        foreach (var project in projects)
        {
            // As it was built: what runs beside this test is not replaced.
            await Dotnet.Run(
                Repository.Root, "dotnet", "pack", $"src/{project}", "-c", Configuration, "--no-build", "-v", "quiet", "-o", In("feed"));
        }
    }

    private static string Configuration => AppContext.BaseDirectory.Contains("/Debug/", StringComparison.Ordinal) ? "Debug" : "Release";

    /// <summary>The README's first program in C#.</summary>
    private static string Snippet()
    {
        var readme = Repository.Read("README.md");
        var start = readme.IndexOf("```csharp\n", StringComparison.Ordinal) + "```csharp\n".Length;
        return readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)];
    }

    private static void WriteNetwork(string path)
    {
        using var generator = new Generator(0);
        OnnxWriter.Write(Mlp.Build([784, 8, 10], "relu", InitializationScheme.He, generator).Graph, path);
    }
}
