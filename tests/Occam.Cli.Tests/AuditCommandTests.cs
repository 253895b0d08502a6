using System.Text.Json;
using Xunit;

namespace Occam.Cli.Tests;

public sealed class AuditCommandTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void The_examples_come_in_the_order_of_the_score_with_the_others_beside_it()
    {
        string[] line = ["audit", _place.Mlp(), "--data", _place.Points(count: 30), "--by", "margin", "--top", "5"];
        var outcome = Workplace.Run([.. line, "--json"]);
        Assert.Equal(0, outcome.Code);
        using var json = JsonDocument.Parse(outcome.Output);
        var examples = json.RootElement.GetProperty("examples").EnumerateArray().ToArray();
        Assert.Equal(5, examples.Length);
        double[] scores = [.. examples.Select(example => example.GetProperty("scores").GetProperty("-margin").GetDouble())];
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.Equal([1, 2, 3, 4, 5], examples.Select(example => example.GetProperty("places").GetProperty("-margin").GetInt32()));
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("mislabelled").ValueKind);
        Assert.Matches(@"Example\s+Label\s+Taken for\s+loss\s+-margin", Workplace.Run(line).Output);
    }

    [Fact]
    public void What_the_network_takes_an_example_for_is_told()
    {
        using var json = JsonDocument.Parse(Workplace.Run(
            "audit", _place.Mlp(), "--data", _place.Points(count: 30), "--measures", "margin", "--top", "30", "--json").Output);
        Assert.All(json.RootElement.GetProperty("examples").EnumerateArray(), example => Assert.Equal(
            example.GetProperty("scores").GetProperty("-margin").GetDouble() < 0,
            example.GetProperty("takenFor").GetInt32() == example.GetProperty("label").GetInt32()));
    }

    [Fact]
    public void The_page_shows_the_examples_and_what_finds_the_wrong_labels()
    {
        var (network, data, page) = (_place.Mlp(), _place.Points(count: 30), _place.In("audit.html"));
        Assert.Equal(0, Workplace.Run("audit", network, "--data", data, "--top", "5", "--duplicates", "0.5", "--html", page).Code);
        var alone = File.ReadAllText(page);
        Assert.Contains("stands out most by", alone);
        Assert.DoesNotContain("finds wrong labels", alone);
        Assert.Contains("there twice", alone);

        Assert.Equal(0, Workplace.Run("audit", network, "--data", data, "--clean", data, "--html", page).Code);
        Assert.Contains("finds wrong labels", File.ReadAllText(page));
    }

    [Fact]
    public void What_was_forgotten_and_what_is_there_twice_stands_beside_it()
    {
        var (network, data) = (_place.Mlp(), _place.Points(count: 30));

        var outcome = Workplace.Run(
            "audit", network, "--data", data, "--along", _place.Mlp("early.onnx", seed: 2), _place.Mlp("later.onnx", seed: 3), "--by",
            "forgetting", "--duplicates", "--json");

        Assert.Equal(0, outcome.Code);
        using var json = JsonDocument.Parse(outcome.Output);
        var scores = json.RootElement.GetProperty("examples").EnumerateArray()
            .Select(example => example.GetProperty("scores").GetProperty("forgetting").GetDouble()).ToArray();
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.All(scores, score => Assert.Contains(score, new[] { 0.0, 1, 4 }));
        Assert.All(json.RootElement.GetProperty("duplicates").EnumerateArray(), pair => Assert.InRange(
            pair.GetProperty("distance").GetDouble(), 0, 0.1));
        Assert.Contains(
            "pairs of examples are nearly the same",
            Workplace.Run("audit", network, "--data", data, "--duplicates", "0.5").Output.ReplaceLineEndings(" "));
        Assert.Contains(
            "a number of at least 0", Workplace.Run("audit", network, "--data", data, "--duplicates", "-1").Error.ReplaceLineEndings(" "));
    }

    [Fact]
    public void With_the_right_labels_it_says_how_well_each_score_finds_the_wrong_ones()
    {
        var (network, data, other) = (_place.Mlp(), _place.Points(count: 30), _place.Points("other.npz", count: 20));
        var outcome = Workplace.Run("audit", network, "--data", data, "--clean", data, "--measures", "loss,margin");
        Assert.Equal(0, outcome.Code);
        Assert.Contains("0 of 30 labels are wrong", outcome.Output);
        Assert.Contains("there are none", outcome.Output);
        var wrong = Workplace.Run("audit", network, "--data", data, "--clean", other);
        Assert.Equal(2, wrong.Code);
        Assert.Contains("20 examples, and those audited 30", wrong.Error.ReplaceLineEndings(" "));
        var unknown = Workplace.Run("audit", network, "--data", data, "--by", "los");
        Assert.Contains("did you mean 'loss'?", unknown.Error.ReplaceLineEndings(" "));
    }
}
