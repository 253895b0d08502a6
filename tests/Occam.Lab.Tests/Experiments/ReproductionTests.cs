using System.Collections.Immutable;
using System.Text.Json;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Experiments.Reproduction;
using Occam.Lab.Reports;
using Xunit;

namespace Occam.Lab.Tests.Experiments;

public sealed class ReproductionTests : IDisposable
{
    private readonly DirectoryInfo _place = Directory.CreateTempSubdirectory("occam-reproduction-");

    private string Folder => Path.Combine(_place.FullName, "a", "b");

    public void Dispose() => _place.Delete(recursive: true);

    [Fact]
    public void An_experiment_leaves_its_page_its_tables_and_its_verdicts()
    {
        Reproduction.Run(new Example(), Context(TestContext.Current.CancellationToken), Folder, "occam reproduce example");

        Assert.Equal(["experiment.json", "index.html", "points.csv", "runs.json"], FilesIn(Folder));
        using var record = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "experiment.json")));
        var claim = record.RootElement.GetProperty("claims")[0];
        Assert.Equal("reproduced", claim.GetProperty("verdict").GetString());
        Assert.Equal(1 / 3.0, claim.GetProperty("statistics")[0].GetProperty("value").GetDouble());
        Assert.Equal([4, 5, 6], record.RootElement.GetProperty("seeds").EnumerateArray().Select(seed => seed.GetInt32()));
        Assert.Equal("stated", record.RootElement.GetProperty("settings")[0].GetProperty("origin").GetString());
        Assert.Equal("x,name\n0.3333333333333333,\"a \"\"b\"\", c\"\nNaN,\n", File.ReadAllText(Path.Combine(Folder, "points.csv")));
    }

    [Fact]
    public void The_page_tells_what_stood_in_first_then_verdicts_then_the_figure_then_how()
    {
        Reproduction.Run(new Example(), Context(TestContext.Current.CancellationToken), Folder, "occam reproduce example");

        var html = File.ReadAllText(Path.Combine(Folder, "index.html"));
        string[] inOrder =
        [
            "a-set-that-is-nowhere:train was not found here", "Fewer images.", "It holds.", "<h2 id=\"section-2\">The panels",
            "stated in the paper", "optimizer: sgd", "drawn by Occam with seed", "href=\"points.csv\"",
        ];
        Assert.Equal(inOrder.Order(Comparer<string>.Create((left, right) => html
            .IndexOf(left, StringComparison.Ordinal)
            .CompareTo(html.IndexOf(right, StringComparison.Ordinal)))), inOrder);
        Assert.All(inOrder, part => Assert.Contains(part, html));
    }

    [Fact]
    public void What_is_interrupted_leaves_nothing()
    {
        using var source = new CancellationTokenSource();
        var during = new Example { Ran = source.Cancel };
        Assert.Throws<OperationCanceledException>(() => Reproduction.Run(during, Context(source.Token), Folder, ""));
        Assert.Empty(_place.EnumerateFileSystemInfos());

        using var late = new CancellationTokenSource();
        var whileWriting = new Example { Wrote = late.Cancel };
        Assert.Throws<OperationCanceledException>(() => Reproduction.Run(whileWriting, Context(late.Token), Folder, ""));
        Assert.Empty(_place.EnumerateFileSystemInfos());
    }

    [Fact]
    public void What_fails_leaves_what_was_there_before()
    {
        Reproduction.Run(new Example(), Context(TestContext.Current.CancellationToken), Folder, "the first");
        var before = File.ReadAllText(Path.Combine(Folder, "index.html"));

        Assert.Throws<IOException>(() => Reproduction.Run(
            new Example { Ran = () => throw new IOException() }, Context(TestContext.Current.CancellationToken), Folder, "the second"));

        Assert.Equal(before, File.ReadAllText(Path.Combine(Folder, "index.html")));
        Assert.Equal(["experiment.json", "index.html", "points.csv", "runs.json"], FilesIn(Folder));
    }

    [Fact]
    public void A_folder_in_use_is_refused()
    {
        OccamException? error = null;
        Reproduction.Run(
            new Example
            {
                Ran = () => error = Assert.Throws<OccamException>(
                () => Reproduction.Run(new Example(), Context(TestContext.Current.CancellationToken), Folder, ""))
            },
            Context(TestContext.Current.CancellationToken),
            Folder,
            "");

        Assert.Contains("is in use", error!.Message);
        Assert.Contains("index.html", FilesIn(Folder));
    }

    [Fact]
    public void What_a_killed_process_left_locks_nothing()
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, ".lock"), "");

        Reproduction.Run(new Example(), Context(TestContext.Current.CancellationToken), Folder, "");

        Assert.Equal(["experiment.json", "index.html", "points.csv", "runs.json"], FilesIn(Folder));
    }

    [Fact]
    public void A_folder_that_can_not_be_made_is_the_users_mistake()
    {
        File.WriteAllText(Path.Combine(_place.FullName, "a"), "a file");

        Assert.Contains("can't write to the folder", Assert.Throws<OccamException>(
            () => Reproduction.Run(new Example(), Context(TestContext.Current.CancellationToken), Folder, "")).Message);
    }

    [Fact]
    public void Every_experiment_of_the_catalogue_says_what_it_is()
    {
        Assert.All(ExperimentCatalogue.All.Values, experiment =>
        {
            Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", experiment.Id);
            // Figure 5 of Loukas et al. 2021 draws what is true by definition, and claims nothing.
            Assert.True(experiment.Id == "bth-5" ^ experiment.Claims.Length > 0);
            Assert.All([
                experiment.Title, experiment.Paper, experiment.Figure,
                .. experiment.Claims.SelectMany(claim => new[] { claim.Text, claim.Source }),
            ], text => Assert.NotEqual("", text.Trim()));
            Assert.All(Enum.GetValues<ExperimentScale>(), scale => Assert.True(
                experiment.Size(scale) is { Seeds: > 0, Description.Length: > 0 } size && size.Estimate > TimeSpan.Zero));
            Assert.True(experiment.Size(ExperimentScale.Laptop).Seeds >= ClaimVerdicts.EnoughSeeds, "a laptop can judge");
            Assert.True(experiment.Size(ExperimentScale.Smoke).Estimate <= TimeSpan.FromMinutes(1));
            Assert.True(experiment.Size(ExperimentScale.Laptop).Estimate <= TimeSpan.FromMinutes(30));
        });
        Assert.True(
            ExperimentCatalogue.All.Values.Sum(experiment => experiment.Size(ExperimentScale.Smoke).Estimate.TotalMinutes) <= 6,
            "all figures take longer than six minutes at the smoke scale");
        Assert.Contains("gor-1", ExperimentCatalogue.All.Keys);
    }

    [Fact]
    public void An_unknown_experiment_is_told_with_the_nearest() =>
        Assert.Contains("did you mean 'gor-1'", Assert.Throws<OccamException>(() => ExperimentCatalogue.Find("gor1")).Message);

    private static IEnumerable<string> FilesIn(string folder) =>
        Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    private ExperimentContext Context(CancellationToken cancellation) => new()
    {
        Scale = ExperimentScale.Laptop,
        Seeds = [4, 5, 6],
        DataRoot = _place.FullName,
        Cancellation = cancellation,
    };

    private sealed class Example() : Experiment<int>("example", "An example", "A. Author 2020", "Figure 3")
    {
        public Action? Ran { get; init; }

        public Action? Wrote { get; init; }

        public override ImmutableArray<Claim<int>> JudgedClaims { get; } =
        [
            new("holds", "It holds.", "A. Author 2020, Figure 3",
                seeds => Judge.Holds(true, "It was seen", seeds, new Fact("a third", 1 / 3.0))),
        ];

        public override ExperimentSize Size(ExperimentScale scale) => new("nothing much", 3, TimeSpan.FromSeconds(1));

        public override int Compute(ExperimentContext context)
        {
            context.OpenOr("a-set-that-is-nowhere:train", "glyphs:train");
            Ran?.Invoke();
            return context.Seeds.Length;
        }

        public override ExperimentFigure Show(ExperimentContext context, int seeds, IReadOnlyList<VerdictBlock> verdicts) => new()
        {
            Summary = "Nothing much was done.",
            Remarks = ["Fewer images."],
            Panels = [new Section("The panels", new Prose("A figure."))],
            Settings = [new ExperimentSetting("layers", 3, Origin.Stated), new ExperimentSetting("rate", 0.1, Origin.Chosen)],
            Configuration = "optimizer: sgd",
            Tables = [RawTable.Of("points", "a point each", Points(), ("x", point => point.X), ("name", point => point.Name))],
        };

        private IEnumerable<(double X, string? Name)> Points()
        {
            yield return (1 / 3.0, "a \"b\", c");
            Wrote?.Invoke();
            yield return (double.NaN, null);
        }
    }
}
