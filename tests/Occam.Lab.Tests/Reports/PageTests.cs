using System.Text.Json;
using System.Text.RegularExpressions;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Xunit;

namespace Occam.Lab.Tests.Reports;

public sealed partial class PageTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("occam-page-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_page_asks_the_network_for_nothing()
    {
        var html = SamplePage.Make().ToHtml();

        Assert.DoesNotContain(
            FetchingAttribute().Matches(html), match => !match.Groups["target"].Value.StartsWith("data:", StringComparison.Ordinal));
        Assert.DoesNotContain("@import", html);
        Assert.DoesNotContain("url(http", html);
        Assert.Contains("default-src 'none'", html);
    }

    [Fact]
    public void Hostile_strings_are_only_text()
    {
        const string hostile = "</script><img src=x onerror=alert(1)>\"'&";
        var page = new Page(hostile, hostile,
            new Prose(hostile, RichText.Html($"<var>x</var>{hostile}")),
            new Note(hostile),
            new FactList(new Fact(hostile, hostile)),
            new VerdictBlock(hostile, Verdict.Reproduced, hostile, new Fact(hostile, hostile)) { Source = hostile },
            new ResultTable(new Result(hostile, 1, hostile) { Id = hostile, Notes = [hostile], Skipped = [new Fact(hostile, hostile)] }),
            Table.Of([hostile], (hostile, text => text)) with { Caption = hostile },
            new Section(hostile, new Chart(
                hostile, new Axis(hostile), new Axis(hostile), new Line([1], [2]) { Name = hostile }, new HorizontalRule(1, hostile))))
        { Command = hostile, Kicker = hostile };

        var html = page.ToHtml();

        Assert.DoesNotContain("<img", html);
        Assert.Equal(2, Regex.Count(html, "<script"));
        Assert.Equal(2, Regex.Count(html, "</script"));
    }

    [Fact]
    public void No_line_ends_within_a_power_of_ten()
    {
        var html = new Page("t", "", new Prose("The change is 1 × 10⁻⁴ of it."), Table.Of([2e-9], ("n", number => number))).ToHtml();

        Assert.Contains("1\u00a0&#215;\u00a010⁻⁴ of it", html);
        Assert.Contains("2\u00a0×\u00a010⁻⁹", html);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Raw_data_are_kept_in_the_page_up_to_a_size_and_told_of_beyond(int beyond)
    {
        var json = new byte[RawData.MostBytes + beyond];
        Array.Fill(json, (byte)' ');

        var html = new Page("t", "", new RawData("numbers.json", json)).ToHtml();

        const string link = "download=\"numbers.json\" href=\"data:application/json;base64,";
        const string told = "The numbers take 4 MB, too much for a page: --json FILE writes them.";
        Assert.Equal(beyond == 0, html.Contains(link, StringComparison.Ordinal));
        Assert.Equal(beyond > 0, html.Contains(told, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_not_finite_becomes_null_in_the_data()
    {
        var chart = new Chart(
            "t", new Axis("x"), new Axis("y"), new Line([0, 1, 2, 3], [1.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity]));

        using var data = Data(new Page("t", "", chart).ToHtml());

        var line = data.RootElement.GetProperty("panels")[0].GetProperty("marks")[0];
        Assert.Equal("line", line.GetProperty("kind").GetString());
        Assert.Equal("[1.5,null,null,null]", line.GetProperty("y").GetRawText());
    }

    [Fact]
    public void Data_keep_every_digit()
    {
        double[] values = [0.1, 1 / 3.0, 1e-300, 123456789.123456789];

        using var data = Data(new Page("t", "", new Chart("t", new Axis("x"), new Axis("y"), new Line(values, values))).ToHtml());

        var read = data.RootElement.GetProperty("panels")[0]
            .GetProperty("marks")[0]
            .GetProperty("x")
            .EnumerateArray()
            .Select(value => value.GetDouble());
        Assert.Equal(values, read);
    }

    [Fact]
    public void Indices_in_claims_reasons_and_statistics_are_set_lower_and_escaped_text_stays_escaped()
    {
        var block = new VerdictBlock("The A_i <grow>", Verdict.Reproduced, "‖∇_θ f‖² falls", new Fact("least of σ_max", 2.0));
        var html = new Page("t", "", block).ToHtml();
        Assert.Contains("The A<sub>i</sub> &lt;grow&gt;", html);
        Assert.Contains("‖∇<sub>θ</sub> f‖", html);
        Assert.Contains("least of σ<sub>max</sub>", html);
        Assert.Equal("The A_i <grow>", block.Claim.PlainText);
    }

    [Theory]
    [InlineData(Verdict.Reproduced, "Reproduced")]
    [InlineData(Verdict.NotReproduced, "Not reproduced")]
    [InlineData(Verdict.Undecided, "Undecided at this scale")]
    public void A_verdict_is_told_in_words_and_by_a_glyph(Verdict verdict, string words)
    {
        var html = new Page("t", "", new VerdictBlock("claim", verdict, "reason")).ToHtml();

        Assert.Contains($"</svg>{words}</p>", html);
    }

    [Fact]
    public void Columns_of_numbers_are_aligned_and_columns_of_words_are_not()
    {
        var html = new Page("t", "", Table.Of([1.5, 2.5], ("name", _ => "run"), ("value", value => value))).ToHtml();

        Assert.Contains("<th scope=\"col\">name</th><th scope=\"col\" class=\"number\">value</th>", html);
        Assert.Contains("<td>run</td><td class=\"number\">1.5</td>", html);
    }

    [Fact]
    public void The_footer_has_the_command_and_the_date()
    {
        var html = SamplePage.Make().ToHtml();

        Assert.Contains("<code>occam demo --seed 1 --html gor-1.html</code>", html);
        Assert.Contains("14 March 2026, 15:09", html);
    }

    [Fact]
    public void Columns_of_different_lengths_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new Line([1, 2], [1]));
        Assert.Throws<ArgumentException>(() => new ErrorBand([1, 2], [1, 2], [1]));
        Assert.Throws<ArgumentException>(() => new Bars(["a"], [1, 2]));
        Assert.Throws<ArgumentException>(() => new Dots([1], [1]) { Shades = [] });
    }

    [Fact]
    public void Marks_that_do_not_fit_their_axes_are_refused()
    {
        Axis numbers = new("n"), names = new("c", Scale.Category);
        Chart[] charts =
        [
            new("t", numbers, numbers, new Bars(["a"], [1])),
            new("t", names, numbers, new Line([1], [1])),
            new("t", names, numbers, new VerticalRule(1, "rule")),
        ];

        Assert.All(charts, chart => Assert.Throws<InvalidOperationException>(() => new Page("t", "", chart).ToHtml()));
        Assert.Throws<ArgumentException>(() => new Frames("t", numbers, numbers));
    }

    [Fact]
    public void Writing_replaces_the_file_and_leaves_nothing_else()
    {
        var path = Path.Combine(_folder.FullName, "page.html");
        File.WriteAllText(path, "old");

        var page = SamplePage.Make();
        page.Write(path);

        Assert.Equal(page.ToHtml(), File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.FullName));
    }

    [Fact]
    public void A_page_that_cannot_be_written_is_one_line_and_leaves_nothing()
    {
        var taken = _folder.CreateSubdirectory("taken").FullName;
        foreach (var path in new[] { Path.Combine(_folder.FullName, "absent", "page.html"), taken, "" })
        {
            var error = Assert.Throws<OccamException>(() => SamplePage.Make().Write(path));

            Assert.DoesNotContain('\n', error.Message);
            Assert.Contains(path, error.Message);
        }
        Assert.Equal([taken], Directory.GetFileSystemEntries(_folder.FullName));
    }

    private static JsonDocument Data(string html) =>
        JsonDocument.Parse(Regex.Match(html, "<script type=\"application/json\">(.*?)</script>", RegexOptions.Singleline).Groups[1].Value);

    // Attributes by which HTML fetches; the script's and the style's own text is left out by the tag.
    [GeneratedRegex(
        "<(?:img|script|link|iframe|object|embed|source|video|audio|use)\\b[^>]*\\b(?:src|href|data|srcset)=\"(?<target>[^\"]*)\"")]
    private static partial Regex FetchingAttribute();
}
