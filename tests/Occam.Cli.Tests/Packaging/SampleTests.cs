using System.Globalization;
using System.Text.Json;
using Occam.Lab.Tests;
using Xunit;

namespace Occam.Cli.Tests.Packaging;

/// <summary>The samples compile and run, each from its one file, and say what their comments promise.</summary>
public sealed class SampleTests : IDisposable
{
    // What a sample stands on was built with this test, and may be in use.
    private static readonly string[] s_run = ["run", "-c", "Release", "-p:BuildProjectReferences=false", "--file"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("occam-samples-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_network_is_measured_and_by_a_measure_of_ones_own()
    {
        var measured = await Sample("measure.cs");
        var complexity = Number(measured.First(line => line.StartsWith("Geometric complexity", StringComparison.Ordinal)), 2);

        // Small noise at the input answers with the geometric complexity, up to where lines bend.
        var answers = await Sample("own-measure.cs", "small.onnx", "glyphs:test");
        Assert.InRange(Number(answers[0], 1) / complexity, 0.8, 1.2);
    }

    [Fact]
    public async Task A_training_with_geometric_complexity_in_its_loss_stays_simpler()
    {
        var lines = await Sample("train.cs");
        var last = lines.Where(line => line.Contains("step  300", StringComparison.Ordinal)).Select(line => Number(line, 3)).ToArray();

        Assert.Equal(2, last.Length);
        Assert.True(last[1] < last[0] / 2, string.Join('\n', lines));
    }

    [Fact]
    public async Task The_notebook_runs_cell_by_cell()
    {
        var notebook = JsonDocument.Parse(Repository.Read("samples", "measure.ipynb")).RootElement;
        var cells = notebook.GetProperty("cells").EnumerateArray()
            .Where(cell => cell.GetProperty("cell_type").GetString() == "code")
            .SelectMany(cell => cell.GetProperty("source").EnumerateArray().Select(line => line.GetString()!.TrimEnd('\n')))
            .ToArray();

        // A program of all its cells: the package is this repository's, and declarations of what is used come first.
        Assert.Contains("#r \"nuget: Occam", cells[0], StringComparison.Ordinal);
        var usings = cells.Where(line => line.StartsWith("using Occam", StringComparison.Ordinal)).ToArray();
        var program = Path.Combine(_folder.FullName, "notebook.cs");
        File.WriteAllLines(
            program,
            [
                $"#:project {Path.Combine(Repository.Root, "src", "Occam")}", "#:property PublishAot=false", .. usings,
                .. cells.Skip(1).Except(usings),
            ]);
        var output = await Dotnet.Run(_folder.FullName, "dotnet", [.. s_run, program]);

        Assert.Contains("Geometric complexity", output, StringComparison.Ordinal);
    }

    private async Task<string[]> Sample(string name, params string[] arguments) =>
        (await Dotnet.Run(
            _folder.FullName, "dotnet",
            [.. s_run, Path.Combine(Repository.Root, "samples", name), "--", .. arguments]))
        .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static double Number(string line, int word) =>
        double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[word], CultureInfo.InvariantCulture);
}
