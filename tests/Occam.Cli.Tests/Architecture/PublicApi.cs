using System.Reflection;
using Occam.Lab.Tests;
using PublicApiGenerator;

namespace Occam.Cli.Tests.Architecture;

/// <summary>What the packages promise: all that is public in them, as text beside this file.</summary>
internal static class PublicApi
{
    /// <summary>The variable that has the files written anew.</summary>
    public const string Renewal = "OCCAM_WRITE_API";

    /// <summary>The file of an assembly.</summary>
    public static string FileOf(Assembly assembly) =>
        Path.Combine(Repository.Root, "tests", "Occam.Cli.Tests", "Architecture", "Api", $"{assembly.GetName().Name}.txt");

    /// <summary>The lines of an assembly.</summary>
    public static string[] Of(Assembly assembly) =>
        Lines(assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }));

    /// <summary>What was chosen, which is written anew where the variable says so.</summary>
    public static string[] Chosen(Assembly assembly)
    {
        var file = FileOf(assembly);
        if (Environment.GetEnvironmentVariable(Renewal) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, string.Join('\n', Of(assembly)) + '\n');
        }

        return File.Exists(file) ? Lines(File.ReadAllText(file)) : [];
    }

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
}
