using System.Text.RegularExpressions;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.PaperItems;
using Occam.Measures;
using Occam.Theory;
using Xunit;

namespace Occam.Lab.Tests.PaperItems;

public sealed partial class PaperCatalogueTests
{
    private const string Cure = "name it in where of an item of src/Occam.Lab/PaperItems/Data";

    /// <summary>What is numbered in each paper, and how far its numbers go.</summary>
    public static TheoryData<string, string, int> Numbered => new()
    {
        { "gor", "eq.", 21 }, { "gor", "Fig.", 2 }, { "gc", "eq.", 10 }, { "gc", "Fig.", 5 },
        { "bth", "eq.", 16 }, { "bth", "Fig.", 10 }, { "bth", "Theorem", 3 }, { "bth", "Corollary", 3 }, { "bth", "Lemma", 6 },
        { "eg", "eq.", 8 }, { "eg", "Fig.", 8 }, { "eg", "Lemma", 3 }, { "eg", "condition C", 3 },
    };

    /// <summary>References, and what is wrong with them.</summary>
    public static TheoryData<string, string> Mistakes => new()
    {
        { "measure:dirichlet-enery", "there is no measure 'dirichlet-enery': did you mean 'dirichlet-energy'? 'occam measures' lists all" },
        { "theorem:gor-theorem-7", "there is no theorem 'gor-theorem-7': did you mean 'gor-theorem-1'? 'occam verify --list' lists all" },
        { "setting:trajectries", "there is no setting 'trajectries': did you mean 'trajectory'? 'occam init --reference' lists all" },
        { "regularizer:spectra", "there is no regularizer 'spectra': did you mean 'spectral'? 'occam init --reference' lists all" },
        { "dirichlet-energy", "'dirichlet-energy' is of no known kind: expected KIND:NAME, KIND one of claim, data, figure" },
    };

    [Fact]
    public void Every_item_is_answered_in_one_way_and_names_only_what_there_is()
    {
        var problems = PaperCatalogue.Items.SelectMany(item => item.Problems());
        Assert.True(!problems.Any(), string.Join('\n', problems));
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_reference_to_nothing_is_told_with_the_cure(string reference, string expected)
    {
        var item = new PaperItem("gor-eq-5", "§3", "The energy.", [reference]);
        Assert.StartsWith($"gor-eq-5: {expected}", Assert.Single(item.Problems()), StringComparison.Ordinal);
    }

    [Fact]
    public void An_item_without_an_answer_or_with_two_is_a_problem()
    {
        Assert.Contains("expected one of where", Assert.Single(new PaperItem("gor-a", "§1", "A.").Problems()));
        Assert.Contains(
            "expected one of where",
            Assert.Single(new PaperItem("gor-a", "§1", "A.", ["measure:margin"], TextOnly: "Background.").Problems()));
    }

    [Theory]
    [InlineData("judged", "measure:margin", "theorem:eg-lemma-1", "claim:a/b")]
    [InlineData("by theorem", "measure:margin", "theorem:eg-lemma-1")]
    [InlineData("computed", "measure:margin", "figure:eg-1")]
    public void The_kind_follows_from_the_references(string kind, params string[] references) =>
        Assert.Equal(kind, PaperItemKinds.Words(new PaperItem("eg-a", "§1", "A.", [.. references]).Kind));

    [Fact]
    public void Items_have_ids_of_their_own_in_kebab_case_that_begin_with_their_paper()
    {
        Assert.Equal(PaperCatalogue.Items.Length, PaperCatalogue.Items.Select(item => item.Id).Distinct().Count());
        Assert.All(PaperCatalogue.Papers, paper => Assert.All(
            paper.Items, item => Assert.Matches($"^{paper.Id}(-[a-z0-9]+)+$", item.Id)));
    }

    [Fact]
    public void What_an_item_says_is_a_sentence() => Assert.All(PaperCatalogue.Items, item =>
    {
        Assert.Matches(@"^\P{Ll}.*[.?]$", item.What);
        Assert.All(
            new[] { item.Note, item.TextOnly, item.Missing }.OfType<string>(),
            remark => Assert.EndsWith(".", remark, StringComparison.Ordinal));
    });

    [Theory]
    [MemberData(nameof(Numbered))]
    public void Whatever_is_numbered_has_an_item(string paper, string what, int last)
    {
        var found = PaperCatalogue.FindPaper(paper).Items.SelectMany(item => Numbers(item.Place, what)).ToHashSet();
        Assert.Equal(Enumerable.Range(1, last), found.Order());
    }

    [Fact]
    public void Every_measure_of_the_papers_is_named()
    {
        var missing = MeasureCatalogue.All.Values
            .Where(measure => PaperCatalogue.Papers.Any(paper => measure.Source.Contains(paper.Citation, StringComparison.Ordinal)))
            .Select(measure => $"measure:{measure.Id}").Except(Named());
        Assert.True(!missing.Any(), $"no item names {string.Join(", ", missing)}: {Cure}");
    }

    [Fact]
    public void Every_theorem_is_named()
    {
        string[] beyond = [.. PaperCatalogue.Beyond.Theorems.Select(theorem => $"theorem:{theorem.Id}")];
        string[] all = [.. TheoremCatalogue.All.Keys.Select(id => $"theorem:{id}")];
        var missing = all.Except(Named()).Except(beyond);
        Assert.True(!missing.Any(), $"no item names {string.Join(", ", missing)}: {Cure}, or in beyond-papers.yaml with why it is there");
        var (gone, both) = (beyond.Except(all).ToArray(), beyond.Intersect(Named()).ToArray());
        Assert.True(gone.Length == 0 && both.Length == 0, $"take out of beyond-papers.yaml: {string.Join(", ", [.. gone, .. both])}");
    }

    [Fact]
    public void Every_claim_of_every_figure_is_named_or_said_to_be_beyond_the_papers()
    {
        var beyond = PaperCatalogue.Beyond.Claims.Select(claim => $"claim:{claim.Id}").ToHashSet();
        var claims = ReferenceCatalogue.All["claim"].Names.Select(name => $"claim:{name}").ToHashSet();
        var missing = claims.Except(Named()).Except(beyond).Order();
        Assert.True(
            !missing.Any(), $"no item names {string.Join(", ", missing)}: {Cure}, or in beyond-papers.yaml with why it is judged");
        var (gone, both) = (beyond.Except(claims).ToArray(), beyond.Intersect(Named()).ToArray());
        Assert.True(gone.Length == 0, $"no figure judges {string.Join(", ", gone)}: take it out of beyond-papers.yaml");
        Assert.True(both.Length == 0, $"{string.Join(", ", both)} is named by an item: take it out of beyond-papers.yaml");
    }

    [Fact]
    public void Every_figure_is_named()
    {
        var missing = ExperimentCatalogue.All.Keys.Except(PaperCatalogue.Items.SelectMany(item => item.Figures))
            .Except(PaperCatalogue.Beyond.Claims.Select(claim => claim.Id.Split('/')[0]));
        Assert.True(!missing.Any(), $"no item names the figure {string.Join(", ", missing)}: {Cure}");
    }

    [Fact]
    public void A_panel_of_a_figure_is_judged_by_a_claim_of_its_paper()
    {
        var wrong =
            from paper in PaperCatalogue.Papers
            from item in paper.Items
            from figure in item.Figures
            where item.Place.StartsWith("Fig.", StringComparison.Ordinal)
                && ExperimentCatalogue.All.TryGetValue(figure, out var experiment) && experiment.Paper != paper.Authors
            select $"{item.Id} is a panel of {paper.Authors}, and {figure} is of another paper";
        Assert.True(!wrong.Any(), string.Join('\n', wrong));
    }

    [Fact]
    public void The_handbook_counts_the_items()
    {
        var text = Repository.Read("docs", "papers.md");
        Assert.All(PaperCatalogue.Papers, paper => Assert.True(
            text.Contains($"| {paper.Citation} | {paper.Items.Length} |", StringComparison.Ordinal),
            $"docs/papers.md has another number of items of {paper.Citation} than {paper.Items.Length}: correct its table"));
    }

    [Theory]
    [InlineData("items: [{ id: a, place: b }]", "'items.0.what' is missing")]
    [InlineData("items: [{ id: a, place: b, what: c, were: [] }]", "unknown key 'items.0.were': did you mean 'where'?")]
    public void A_mistake_in_a_file_is_told_with_its_line(string items, string expected)
    {
        var problem = Assert.Throws<OccamException>(
            () => PaperCatalogue.Read<Paper>("a.yaml", $"id: a\ntitle: b\nauthors: c\ncitation: d\n{items}"));
        Assert.Contains(expected, problem.Message);
        Assert.StartsWith("a.yaml:5:", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_item_is_told_with_the_nearest() => Assert.StartsWith(
        "there is no item 'gor-eq-55': did you mean 'gor-eq-5'?",
        Assert.Throws<OccamException>(() => PaperCatalogue.Find("gor-eq-55")).Message, StringComparison.Ordinal);

    private static HashSet<string> Named() =>
        [.. PaperCatalogue.Items.SelectMany(item => item.References).Select(reference => reference.ToString())];

    // The numbers after a word, as in "eq. 3–6, 8" and "Fig. 2a, 2d".
    private static IEnumerable<int> Numbers(string place, string what)
    {
        foreach (Match list in Regex.Matches(place, $@"{Regex.Escape(what)}\s?((?:\d+[a-g]*(?:–\d+[a-g]*)?(?:, (?=\d))?)+)"))
        {
            foreach (Match part in Range().Matches(list.Groups[1].Value))
            {
                var first = int.Parse(part.Groups[1].Value);
                var last = part.Groups[2].Success ? int.Parse(part.Groups[2].Value) : first;
                foreach (var number in Enumerable.Range(first, last - first + 1))
                {
                    yield return number;
                }
            }
        }
    }

    [GeneratedRegex(@"(\d+)[a-g]*(?:–(\d+))?")]
    private static partial Regex Range();
}
