using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Occam.Cli.Tests.Handbook;

/// <summary>What pages tell people to type is accepted.</summary>
public sealed partial class CodeBlockTests
{
    // What a block takes for granted.
    private static readonly Dictionary<string, string> s_given = new()
    {
        ["docs/data.md"] = "float[] numbers = [], ones = []; int[] labels = [];",
    };

    // The launcher's own, which the program doesn't know.
    private static readonly string[] s_launcher = ["test", "bench", "fuzz", "docs"];

    [Fact]
    public void Blocks_of_CSharp_compile()
    {
        var wrong =
            from page in MarkdownFile.All
            where page.Name != "CONTRIBUTING.md"
            from block in page.Blocks("csharp")
            from problem in Problems(block.Code, s_given.GetValueOrDefault(page.Name, ""))
            select $"{page.Name}:{block.Line}: {problem}";
        Assert.True(!wrong.Any(), string.Join('\n', wrong));
        Assert.NotEmpty(Problems("var x = Occam.Nothing;", ""));
    }

    [Fact]
    public void Commands_in_blocks_of_shell_can_be_parsed()
    {
        var commands =
            from page in MarkdownFile.All
            from block in page.Blocks("sh")
            from match in Command().Matches(block.Code.Replace("\\\n", " "))
            where !s_launcher.Contains(match.Groups[1].Value.Split(' ')[0])
            select (Where: $"{page.Name}:{block.Line}", Line: match.Groups[1].Value.Trim());
        var wrong =
            from command in commands
            let mistake = CommandLine.MistakeIn(Quoted(command.Line))
            where mistake is not null
            select $"{command.Where}: {command.Line}: {mistake}";
        Assert.True(commands.Count() > 30);
        Assert.True(!wrong.Any(), string.Join('\n', wrong));
    }

    [Fact]
    public async Task Blocks_of_shell_and_Python_can_be_parsed()
    {
        const string Check = "import ast, sys; ast.parse(sys.stdin.read())";
        foreach (var page in MarkdownFile.All)
        {
            foreach (var (line, code) in page.Blocks("sh").Concat(page.Blocks("bash")))
            {
                var problem = await Problem("bash", ["-n"], code);
                Assert.True(problem is null or "", $"{page.Name}:{line} is no shell: {problem}");
            }

            foreach (var (line, code) in page.Blocks("python"))
            {
                var problem = await Problem("python3", ["-c", Check], code);
                Assert.True(problem is null or "", $"{page.Name}:{line} is no Python: {problem}");
            }
        }

        Assert.NotEqual("", await Problem("bash", ["-n"], "if true"));
    }

    [Fact]
    public void Blocks_of_YAML_and_JSON_can_be_parsed()
    {
        var parsed = 0;
        foreach (var page in MarkdownFile.All)
        {
            foreach (var (_, code) in page.Blocks("yaml"))
            {
                new YamlStream().Load(new StringReader(code));
                parsed++;
            }

            foreach (var (_, code) in page.Blocks("json"))
            {
                using var document = JsonDocument.Parse(code);
                parsed++;
            }
        }

        Assert.True(parsed > 5);
    }

    /// <summary>What a program says of its standard input; null where there is no such program.</summary>
    private static async Task<string?> Problem(string program, string[] arguments, string input)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return process.ExitCode == 0 ? "" : $"{error} (exit code {process.ExitCode})";
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static string Quoted(string line) => line.Contains('"') ? line : line.Replace('\'', '"');

    private static string[] Problems(string code, string given)
    {
        const string Implicit =
            "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;";
        var trees = new[] { Implicit, Whole(code, given) }.Select(text => CSharpSyntaxTree.ParseText(
            text, new CSharpParseOptions(LanguageVersion.Preview), cancellationToken: TestContext.Current.CancellationToken));
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        return
        [
            .. CSharpCompilation.Create("block", trees, references, new CSharpCompilationOptions(OutputKind.ConsoleApplication))
                .GetDiagnostics(TestContext.Current.CancellationToken)
                .Where(problem => problem.Severity == DiagnosticSeverity.Error)
                .Select(problem => problem.ToString()),
        ];
    }

    // With what is given behind the names that the block uses.
    private static string Whole(string code, string given)
    {
        var usings = code.Split('\n').TakeWhile(line => line.StartsWith("using ", StringComparison.Ordinal) || line.Length == 0).ToArray();
        return string.Join('\n', [.. usings, given, .. code.Split('\n').Skip(usings.Length)]);
    }

    // Up to a comment, a pipe or a redirection; what is quoted may go on over lines.
    [GeneratedRegex("""^(?:\./)?occam ((?:'[^']*'|"[^"]*"|[^#>|'"\n])*)""", RegexOptions.Multiline)]
    private static partial Regex Command();
}
