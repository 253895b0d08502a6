using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Occam.Lab.Documents;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Experiments.Reproduction;
using Occam.Lab.PaperItems;
using Occam.Lab.PaperItems.Results;
using Occam.Lab.Reports;
using Xunit;

namespace Occam.Lab.Tests.PaperItems;

public sealed class RecordedResultsTests : IDisposable
{
    private static readonly DateTimeOffset s_day = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo _place = Directory.CreateTempSubdirectory("occam-results-");

    public void Dispose() => _place.Delete(recursive: true);

    [Fact]
    public void The_readme_is_what_the_results_say()
    {
        var folder = Path.Combine(Repository.Root, "docs", "results");
        Assert.True(
            Repository.Read("docs", "results", RecordedResults.ReadmeName) == RecordedResultsText.Of(RecordedResults.Read(folder)),
            "docs/results/README.md isn't what its JSON files say: occam papers --record RUN… writes both");
    }

    [Fact]
    public void Results_are_named_by_their_figures_and_judged_at_a_scale_that_judges() => Assert.All(
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "results"), "*.json"), file =>
        {
            var result = RecordedFigure.Read(File.ReadAllBytes(file), file, "");
            Assert.Equal(Path.GetFileNameWithoutExtension(file), result.Document.Id);
            Assert.True(result.IsJudged, $"{file} is of the smoke scale");
            Assert.DoesNotMatch(@"[""\s']/[\w.-]+/", File.ReadAllText(file));
        });

    [Fact]
    public void What_a_reproduction_writes_reads_back()
    {
        var written = Result("gor-1", Verdict.Reproduced, s_day);

        var read = RecordedFigure.Read(DocumentJson.Write(written), "a.json", "a");

        Assert.Equal(
            JsonNode.Parse(DocumentJson.Write(written))!.ToJsonString(), JsonNode.Parse(DocumentJson.Write(read.Document))!.ToJsonString());
        Assert.Equal(Verdict.Reproduced, read.Verdict("first")!.Verdict);
        Assert.Null(read.Verdict("another"));
    }

    [Fact]
    public void The_newest_judged_run_counts()
    {
        Leave("old", Result("gor-1", Verdict.Reproduced, s_day));
        Leave("new", Result("gor-1", Verdict.NotReproduced, s_day.AddDays(1)));
        Leave("quick", Result("gor-1", Verdict.Undecided, s_day.AddDays(2), ExperimentScale.Smoke));
        Leave("empty", null);

        var figures = RecordedFigures.None.With(_place.FullName);

        var standing = figures.Of("gor-1/first");
        Assert.Equal(Verdict.NotReproduced, standing.Entry!.Verdict);
        Assert.Equal(In("new"), standing.Run!.From);
        Assert.Equal(Path.Combine(In("new"), Reproduction.PageName), figures.Pages["gor-1"]);
        Assert.Null(figures.Of("gor-1/another").Entry);
        Assert.Null(figures.Of("gor-2/first").Run);
        Assert.Empty(RecordedFigures.None.With(In("nowhere")).ByFigure);
    }

    [Theory]
    [InlineData("reproduced", Verdict.Reproduced, Verdict.Reproduced)]
    [InlineData("not reproduced: 1 of 2", Verdict.Reproduced, Verdict.NotReproduced)]
    [InlineData("not reproduced: 1 of 2", Verdict.Undecided, Verdict.NotReproduced)]
    [InlineData("undecided: 1 of 2", Verdict.Reproduced, Verdict.Undecided)]
    public void An_item_stands_as_its_worst_claim_does(string words, Verdict first, Verdict second)
    {
        Leave("run", Result("gor-1", first, s_day, second: second));
        var item = new PaperItem("gor-a", "§1", "A.", ["claim:gor-1/first", "claim:gor-1/second"]);

        Assert.Equal(words, ItemStanding.Of(item, RecordedFigures.None.With(_place.FullName)).Words);
        Assert.Equal("not run", ItemStanding.Of(item, RecordedFigures.None).Words);
    }

    [Fact]
    public void A_claim_that_the_run_did_not_judge_leaves_its_item_undecided()
    {
        Leave("run", Result("gor-1", Verdict.Reproduced, s_day));
        var item = new PaperItem("gor-a", "§1", "A.", ["claim:gor-1/first", "claim:gor-1/later"]);

        var standing = ItemStanding.Of(item, RecordedFigures.None.With(_place.FullName));
        Assert.Equal(Verdict.Undecided, standing.Verdict);
        Assert.Equal("undecided: 1 of 2 not run", standing.Words);
    }

    [Fact]
    public void A_premise_that_fails_is_told()
    {
        var entry = Result("gor-1", Verdict.Undecided, s_day).Claims[0];

        Assert.Equal("undecided", ItemStanding.WordsOf(entry));
        Assert.Equal("undecided: the premise fails", ItemStanding.WordsOf(entry with { PremiseFails = true }));
    }

    [Fact]
    public void Runs_are_recorded_beside_earlier_ones_without_the_places_of_this_machine()
    {
        Leave("one", Result("gor-2", Verdict.Reproduced, s_day));
        Leave("two", Result("gor-1", Verdict.NotReproduced, s_day));
        var folder = In("results");

        RecordedResults.Record([In("one")], folder);
        var written = RecordedResults.Record([In("two")], folder);

        Assert.Equal([Path.Combine(folder, "gor-1.json"), Path.Combine(folder, "README.md")], written);
        var results = RecordedResults.Read(folder);
        Assert.Equal(["gor-1", "gor-2"], results.Select(result => result.Id));
        var readme = File.ReadAllText(Path.Combine(folder, "README.md"));
        Assert.Equal(RecordedResultsText.Of(results), readme);
        Assert.Contains("A title? A paper, Figure 1.", readme);
        Assert.Contains("A title. A paper, Figure 1.", readme);
        Assert.Contains("| [`gor-1`](#gor-1) | 1 | 0 | 1 | 0 | laptop | 2026-03-01 | 12.3 | 20.6 | 0123456789 |", readme);
        Assert.Contains("| first | It holds \\| always. (A paper, Figure 1) | not reproduced | It was seen. a third: 0.3333 |", readme);
        Assert.Contains("At the paper’s scale, ", readme);
        Assert.Contains("added or reworded since: `ends-shortest`, ", readme);
        Assert.Contains(", `first` (no longer).", readme);
        Assert.Equal("occam reproduce gor-1 --data-root data", results[0].Command);
        Assert.Equal(["a set, from images.gz, 1/2 of it"], results[0].Data);
        Assert.Equal(["It was found in data."], results[0].Remarks);
        Assert.Equal("images.gz of data, 3×32×32 or 1/2", Assert.Single(results[0].Settings).Value);
    }

    [Fact]
    public void What_can_not_be_recorded_is_told_and_nothing_is_written()
    {
        Leave("quick", Result("gor-1", Verdict.Undecided, s_day, ExperimentScale.Smoke));
        Leave("good", Result("gor-1", Verdict.Undecided, s_day));
        Leave("foreign", Result("gor-11", Verdict.Undecided, s_day));
        Directory.CreateDirectory(In("broken"));
        File.WriteAllText(Path.Combine(In("broken"), Reproduction.RecordName), """{ "id": "gor-1" }""");

        Told("smoke scale", "quick");
        Told("second of gor-1", "good", "good");
        Told("did you mean 'gor-1'?", "foreign");
        Told("is not what occam reproduce writes", "broken");
        Told("expected the folder of a run of occam reproduce", "nowhere");

        Assert.False(Directory.Exists(In("results")));
    }

    [Fact]
    public void The_page_has_every_item_and_every_figure_and_links_to_pages()
    {
        Leave("run", Result("gor-1", Verdict.Reproduced, s_day));

        var html = PaperItemsPage.Of(
            PaperCatalogue.Items, RecordedFigures.None.With(_place.FullName), In(""), "occam papers").ToHtml();

        Assert.All(PaperCatalogue.Items, item => Assert.Contains($"<li id=\"{item.Id}\">", html));
        Assert.All(ExperimentCatalogue.All.Keys, id => Assert.Contains($"<li id=\"figure-{id}\">", html));
        Assert.Contains("<a href=\"run/index.html\"><code>gor-1</code></a>", html);
        Assert.Contains("Last judged at the laptop scale on 1 March 2026", html);
        Assert.Contains($"<p>{WebUtility.HtmlEncode(ExperimentCatalogue.Find("gor-2").Title)}?</p>", html);
        int[] order =
        [
            .. new[] { "gor-1", "gor-2", "gc-1", "bth-2-cifar", "bth-10", "eg-1" }
                .Select(id => html.IndexOf($"\"figure-{id}\"", StringComparison.Ordinal)),
        ];
        Assert.Equal(order.Order(), order);
        Assert.All(
            PaperCatalogue.Beyond.Claims,
            claim => Assert.Contains($"Not a claim of the paper. {WebUtility.HtmlEncode(claim.Why)}", html));
    }

    private void Told(string expected, params string[] runs) => Assert.Contains(
        expected, Assert.Throws<OccamException>(() => RecordedResults.Record(runs.Select(In), In("results"))).Message);

    private string In(string name) => Path.Combine(_place.FullName, name);

    private void Leave(string name, ReproductionDocument? result)
    {
        Directory.CreateDirectory(In(name));
        if (result is not null)
        {
            File.WriteAllBytes(Path.Combine(In(name), Reproduction.RecordName), DocumentJson.Write(result));
            File.WriteAllText(Path.Combine(In(name), Reproduction.PageName), "<!doctype html>", Encoding.UTF8);
        }
    }

    private static ReproductionDocument Result(
        string figure, Verdict first, DateTimeOffset written, ExperimentScale scale = ExperimentScale.Laptop, Verdict? second = null)
    {
        ReproductionDocument.ClaimEntry Claim(string id, Verdict verdict) => new(
            id, "It holds | always.", "A paper, Figure 1", verdict, false, "It was seen.",
            [new ReproductionDocument.StatisticEntry("a third", "0.3333", 1 / 3.0, null)]);
        return new ReproductionDocument(
            figure, "A title", "A paper", "Figure 1", scale, [0, 1, 2], ["a set, from /home/someone/data/images.gz, 1/2 of it"],
            ["It was found in /home/someone/data."],
            $"occam reproduce {figure} --data-root /home/someone/data", written, 12.34,
            new ReproductionDocument.EnvironmentEntry(
                "0.1.0", "2.6", ".NET", "Linux", "A processor", 2, "cpu", "float32", 2, "0123456789abcdef"),
            [Claim("first", first), .. second is { } other ? [Claim("second", other)] : Array.Empty<ReproductionDocument.ClaimEntry>()],
            [new ReproductionDocument.SettingEntry("data", "images.gz of /home/someone/data, 3×32×32 or 1/2", Origin.Run)], [])
        {
            ProcessorSeconds = 20.56,
        };
    }
}
