using Occam.Cli.Running;
using Occam.Lab.PaperItems;
using Xunit;

namespace Occam.Cli.Tests;

public sealed class PapersCommandTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void All_items_are_listed_with_their_numbers()
    {
        var outcome = Workplace.Run("papers", "--runs", _place.In("none"));

        Assert.Equal(ExitCode.Success, outcome.Code);
        Assert.All(PaperCatalogue.Items, item => Assert.Contains($"\n  {item.Id} ", outcome.Output));
        Assert.Contains($"· {PaperCatalogue.Items.Length} items, ", outcome.Output);
    }

    [Fact]
    public void One_paper_and_one_kind_can_be_chosen()
    {
        var outcome = Workplace.Run("papers", "--paper", "gor", "--kind", "text-only", "--json");

        var ids = outcome.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()).ToArray();
        Assert.NotEmpty(ids);
        Assert.Equal(
            PaperCatalogue.FindPaper("gor").Items.Where(item => item.Kind == PaperItemKind.TextOnly).Select(item => item.Id), ids);
    }

    [Fact]
    public void One_item_is_told_in_full()
    {
        var outcome = Workplace.Run("papers", "gor-eq-5", "--runs", _place.In("none"));

        Assert.Matches(@"place\s+§3, eq\. 5\n", outcome.Output);
        Assert.Matches(@"where\s+measure:dirichlet-energy\n", outcome.Output);
    }

    [Fact]
    public void A_run_of_a_figure_counts_once_it_judges_and_its_page_is_linked()
    {
        var runs = _place.In("runs");
        Assert.Equal(
            ExitCode.Success, Workplace.Run("reproduce", "bth-5", "--scale", "laptop", "--out", Path.Combine(runs, "bth-5-laptop")).Code);

        var outcome = Workplace.Run("papers", "bth-fig-5", "--runs", runs, "--html", _place.In("papers.html"));

        Assert.Equal($"wrote {_place.In("papers.html")}\n", outcome.Error);
        Assert.Contains("<a href=\"runs/bth-5-laptop/index.html\"><code>bth-5</code></a>", File.ReadAllText(_place.In("papers.html")));
    }

    [Fact]
    public void Runs_are_recorded()
    {
        Workplace.Run("reproduce", "bth-5", "--out", _place.In("run"));

        var outcome = Workplace.Run("papers", "--record", _place.In("run"), "--results", _place.In("results"));

        Assert.Equal(ExitCode.Success, outcome.Code);
        Assert.Equal($"wrote {_place.In("results/bth-5.json")}\nwrote {_place.In("results/README.md")}\n", outcome.Error);
        Assert.Contains("| [`bth-5`](#bth-5) |", File.ReadAllText(_place.In("results/README.md")));
    }

    [Theory]
    [InlineData("papers gor-eq-55", "there is no item 'gor-eq-55': did you mean 'gor-eq-5'?")]
    [InlineData("papers --paper gpr", "there is no paper 'gpr': expected gor (Dherin et al. 2021)")]
    [InlineData("papers --kind judgd", "there is no kind 'judgd' of items: expected judged, by-theorem")]
    [InlineData("papers --record nowhere", "expected the folder of a run of occam reproduce")]
    public void A_mistake_is_one_line(string line, string expected) =>
        MeasureCommandTests.AssertUserError(Workplace.Run(line.Split(' ')), expected);
}
