using System.Reflection;
using Occam.Lab.Measuring;
using Occam.Lab.Tests;
using Occam.Measures;
using Occam.Torch;
using Occam.Ui;
using Xunit;

namespace Occam.Cli.Tests.Architecture;

/// <summary>How the house is laid out: which folder knows which, and that a name means one thing.</summary>
public sealed class ArchitectureTests
{
    // From the ground up: a folder knows those on earlier lines, never one on its own line or on a later one.
    private const string Order = """
        Torch
        .
        Data, Formulas, Networks
        Networks.Builders, Networks.Onnx, Networks.Operators, Networks.Rewrites
        Networks.Rewrites.Patterns
        Networks.Inspection, Networks.Loading
        Derivatives
        Measures, Training
        Measures.Loss, Measures.Transfer, Training.Engines, Training.Losses, Training.Optimizers, Training.Regularizers, Training.Schedules
        Measures.Sharpness, Measures.Weights, Training.Trajectories
        Measures.Curvature, Measures.Posterior, Measures.Slope, Measures.Tokens
        Measures.Certificates, Measures.Features, Measures.Regions, Training.Probes
        Measures.Graphs
        Measuring, Theory
        Theory.Parts
        Theory.Dherin2021, Theory.Dherin2022, Theory.Loukas2021, Theory.Munn2023, Theory.Munn2024, Theory.Neyshabur2017
        Lab.Significance, Lab.Text
        Lab
        Lab.Reports
        Lab.Reports.Charts
        Lab.Experiments.Contract, Lab.Runs.Data, Lab.Runs.Examples, Lab.Runs.Networks, Lab.Runs.TensorBoard
        Lab.Runs.Configuration
        Lab.Runs.Clusters
        Lab.Measuring, Lab.PaperItems
        Lab.Inference, Lab.Measuring.Pages, Lab.Measuring.Shards
        Lab.Auditing, Lab.Texts
        Lab.Runs.Store
        Lab.Runs.Query, Lab.Runs.Sweeps, Lab.Runs.Watching
        Lab.Runs.Export
        Lab.Ranking
        Lab.Explaining
        Lab.Documents, Lab.Explaining.Pages
        Lab.Experiments.Reproduction
        Lab.PaperItems.Results
        Lab.Experiments.Beyond, Lab.Experiments.Complexity, Lab.Experiments.Loukas2021, Lab.Experiments.Neyshabur2017
        Lab.Experiments.Dherin2021
        Lab.Experiments.Dherin2022
        Ui.Index, Ui.Security
        Ui.Control, Ui.Drawing
        Ui.Views
        Ui
        Cli.Running
        Cli.Output
        Cli.Options
        Cli.Commands
        Cli
        """;

    private static readonly Assembly[] s_assemblies =
    [
        typeof(Tensor).Assembly, typeof(Measure).Assembly, typeof(Measurer).Assembly, typeof(UiServer).Assembly,
        typeof(CommandLine).Assembly,
    ];

    private static readonly Dictionary<string, int> s_floors = Order.Split('\n')
        .SelectMany(
            (line, floor) => line.Split(',').Select(name => (Name: name.Trim() is "." ? "Occam" : $"Occam.{name.Trim()}", Floor: floor)))
        .ToDictionary(folder => folder.Name, folder => folder.Floor);

    /// <summary>The files that people write.</summary>
    private static IEnumerable<string> Sources => new[] { "src", "tests", "bench" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Split('/').Any(part => part is "obj" or "bin"));

    [Fact]
    public void Folders_know_only_those_below_them()
    {
        var wrong =
            from assembly in s_assemblies
            from type in assembly.GetTypes()
            let source = Folder(type)
            where source is not null
            from reference in TypeReferences.Of(type)
            let target = Folder(reference)
            where target is not null && target != source && s_assemblies.Contains(reference.Assembly)
            where !s_floors.ContainsKey(source) || !s_floors.ContainsKey(target) || s_floors[source] <= s_floors[target]
            select $"{source} knows {target}: {Outermost(type).Name} refers to {reference.Name}";
        Assert.True(
            !wrong.Any(),
            Report("move the type, or turn the reference around; a new folder gets its place in ArchitectureTests.Order", wrong));
    }

    [Fact]
    public void A_public_name_means_one_thing()
    {
        var twice =
            from type in s_assemblies.SelectMany(assembly => assembly.GetExportedTypes())
            where !type.IsNested
            group type.FullName by type.Name into same
            where same.Count() > 1
            select string.Join(" and ", same);
        Assert.True(!twice.Any(), Report("give one of the types another name", twice));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void What_a_package_promises_is_chosen(int package)
    {
        var (chosen, found) = (PublicApi.Chosen(s_assemblies[package]), PublicApi.Of(s_assemblies[package]));
        var changed = found.Except(chosen).Select(line => $"+ {line.Trim()}")
            .Concat(chosen.Except(found).Select(line => $"- {line.Trim()}"));
        Assert.True(
            chosen.SequenceEqual(found),
            $"make internal what no user needs; what one does is written down by '{PublicApi.Renewal}=1 ./occam test -class "
                + $"{typeof(ArchitectureTests).FullName}':\n{string.Join('\n', changed.Take(40))}");
    }

    [Fact]
    public void A_namespace_is_a_folder()
    {
        var wrong =
            from file in Sources
            from line in File.ReadLines(file)
            where line.StartsWith("namespace ", StringComparison.Ordinal)
            let folder = string.Join('.', Path.GetRelativePath(Repository.Root, Path.GetDirectoryName(file)!).Split('/').Skip(1))
            where line != $"namespace {folder};"
            select $"{Path.GetRelativePath(Repository.Root, file)}: {line} expected 'namespace {folder};'";
        Assert.True(!wrong.Any(), Report("say the folder's name", wrong));
    }

    [Fact]
    public void No_line_is_longer_than_the_editor_is_told()
    {
        var most = int.Parse(File.ReadLines(Path.Combine(Repository.Root, ".editorconfig"))
            .First(line => line.StartsWith("max_line_length", StringComparison.Ordinal))
            .Split('=')[1]);
        var wrong =
            from file in Sources
            from line in File.ReadLines(file).Index()
            where line.Item.Length > most
            select $"{Path.GetRelativePath(Repository.Root, file)}:{line.Index + 1} has {line.Item.Length} characters";
        Assert.True(!wrong.Any(), Report($"break the line, which may have {most} characters", wrong));
    }

    private static string? Folder(Type type) =>
        Outermost(type).Namespace is { } name && (name == "Occam" || name.StartsWith("Occam.", StringComparison.Ordinal)) ? name : null;

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static string Report(string cure, IEnumerable<string> found) =>
        $"{cure}:\n{string.Join('\n', found.Distinct().Order().Take(40))}";
}
