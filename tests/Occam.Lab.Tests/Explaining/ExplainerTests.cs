using Occam.Lab.Explaining;
using Occam.Lab.Explaining.Pages;
using Occam.Lab.Runs.Store;
using Occam.Measures;
using Occam.Measures.Slope;
using Occam.Torch;
using Occam.Training;
using Xunit;

namespace Occam.Lab.Tests.Explaining;

public sealed class ExplainerTests : IDisposable
{
    private const double L2Strength = 0.01;

    private const string Small = """
        network: { id: mlp, hidden: [6], activation: tanh }
        data: { train: glyphs:train, test: glyphs:test, limit: 24, test-limit: 12 }
        loss: cross-entropy
        optimizer: { id: sgd, learning-rate: 0.05 }
        steps: 20
        precision: float64
        regularizers:
          - { id: l2, strength: 0.01, all-parameters: true }
        probes:
          - { measure: geometric-complexity, limit: 6, layers: true }
        """;

    private readonly SmallRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void The_learning_rate_is_weighed_by_the_terms_that_sum_to_its_regularization()
    {
        var mechanisms = Explain(Train("one", Small)).Mechanisms!;

        var (terms, pull) = (mechanisms.Implicit!, mechanisms.Pulls[1]);
        Assert.Equal((1, true, 0), (mechanisms.Batches, mechanisms.IsWhole, pull.Effect.StandardError));
        Assert.Equal(0.05 / 4, pull.Strength, 1e-15);
        Assert.Equal(pull.Strength * pull.Value.Value, terms.Total.Value, 1e-9 * terms.Total.Value);
        Assert.Equal(
            terms.Total.Value, terms.GradientNorms.Value + terms.LabelAlignment.Value + terms.BatchAlignment.Value,
            1e-9 * terms.Total.Value);
        Assert.Equal(1, mechanisms.Pulls.Sum(mechanisms.ShareOf), 1e-12);
    }

    [Fact]
    public void The_effect_of_a_regularizer_is_the_change_of_complexity_along_its_step()
    {
        var run = Train("one", Small);
        var explanation = Explain(run);

        // A step along −2αθ of a thousandth of the size, both ways.
        const double part = 1e-3;
        var (up, down) = (Shrunk(run, 1 + (part * 0.05 * 2 * L2Strength)), Shrunk(run, 1 - (part * 0.05 * 2 * L2Strength)));
        var pull = explanation.Mechanisms!.Pulls[2];
        Assert.Equal("l2", pull.Name);
        Assert.Equal((down - up) / (2 * part), pull.Effect.Value, 1e-6 * Math.Abs(pull.Effect.Value));
        Assert.Equal(explanation.Place!.Complexity.Value!.Value, explanation.Mechanisms.Complexity.Value, 1e-9);
    }

    [Fact]
    public void Complexity_by_class_and_by_example_is_that_of_the_whole()
    {
        var place = Explain(Train("one", Small)).Place!;

        var perExample = place.Complexity.PerExample;
        Assert.Equal(
            place.Complexity.Value!.Value, place.Classes.Sum(each => each.Count * each.Complexity.Value) / perExample.Length, 1e-9);
        Assert.Equal(perExample.Order().Take(10), place.Least.Select(example => example.Complexity));
        Assert.Equal(perExample.OrderDescending().Take(10), place.Most.Select(example => example.Complexity));
        Assert.All(
            place.Most, example => Assert.Equal((28, 28, 1), (example.Picture!.Width, example.Picture.Height, example.Picture.Channels)));
        Assert.Equal(2, place.Complexity.Layers.Length);
    }

    [Fact]
    public void A_run_is_compared_with_those_beside_it_and_told_with_which_it_can_not_be()
    {
        var run = Train("one", Small);
        Train("two", Small.Replace("steps: 20", "steps: 0"));
        Train("elsewhere", Small.Replace("test-limit: 12", "test-limit: 10"));
        var explanation = Explain(run);

        var comparison = explanation.Comparison!;
        Assert.Equal("test error", comparison.Outcome);
        Assert.Equal(["one", "two"], comparison.Runs.Select(each => each.Name));
        Assert.Equal(explanation.Place!.Complexity.Value!.Value, comparison.This.Complexity.Value, 1e-9);
        Assert.Equal(explanation.Place.Initial.Value!.Value, comparison.Runs[1].Complexity.Value, 1e-9);
        Assert.Equal(1 - run.Status.Metrics["test.accuracy"], comparison.This.Outcome);
        Assert.Contains(explanation.OpenQuestions, question => question.What.Contains("elsewhere") && question.Why.Contains("other data"));
    }

    [Fact]
    public void What_was_not_recorded_or_has_no_meaning_is_told_with_the_reason()
    {
        var run = Train("one", """
            network: { id: mlp, hidden: [6] }
            data: { id: waves, frequency: 0.5, train: 20, test: 5 }
            loss: mse
            optimizer: { id: sgd, learning-rate: 0.05, weight-decay: 0.1 }
            batch: 4
            epochs: 2
            """);
        var explanation = Explain(run);

        Assert.Equal(["the loss", "the learning rate", "weight decay"], explanation.Mechanisms!.Pulls.Select(pull => pull.Name));
        Assert.Equal(8, explanation.Mechanisms.Batches);
        Assert.All(explanation.Mechanisms.Pulls.Take(2), pull => Assert.True(pull.Norm.StandardError > 0));
        foreach (var (what, why) in new[] { ("from step to step", "probes:"), (
            "trajectory", "trajectory: true"), ("by class", "no classes"), ("How it compares", "no other run") })
        {
            Assert.Contains(explanation.OpenQuestions, question => question.What.Contains(what) && question.Why.Contains(why));
        }
    }

    [Fact]
    public void The_page_answers_every_question_in_its_order()
    {
        var run = Train("one", Small);
        Train("two", Small.Replace("0.05", "0.2"));
        var html = ExplanationPage.Of(Explain(run), "occam explain one").ToHtml();

        string[] headings =
        [
            "In short", "How complexity grew", "What held it down", "Where it sits", "How it compares", "What can’t be told",
            "The configuration",
        ];
        int[] places =
            [.. headings.Select(heading => html.IndexOf($">{System.Net.WebUtility.HtmlEncode(heading)}</h2>", StringComparison.Ordinal))];
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
        Assert.Equal(20, html.Split("<img ").Length - 1);
    }

    [Fact]
    public void Metrics_gather_in_families_of_one_chart()
    {
        Metric Of(string name) => new(0, 0, name, 1);
        var families = MetricFamily.Of(
            [Of("margin"), Of("train.loss"), Of("gc.layer1"), Of("test.accuracy"), Of("gc"), Of("test.loss"), Of("gc.layer2")], []);

        Assert.Equal(["loss", "accuracy", "gc", "margin"], families.Select(family => family.Name));
        Assert.Equal(["train.loss", "test.loss"], families[0].Series.Select(series => series.Key));
        Assert.Equal(3, families[2].Series.Length);
    }

    [Fact]
    public void The_order_of_runs_is_told_from_five_on_with_what_chance_makes_of_it()
    {
        static RunComparison Of(int count) =>
            new("test loss", [.. Enumerable.Range(0, count).Select(i => new ComparedRun($"{i}", new Uncertain(i), i * i, i == 2))], 1);

        Assert.Null(Of(4).RankCorrelation);
        Assert.Equal(new Uncertain(1, Math.Sqrt(1 / 6.0)), Of(5).RankCorrelation);
        Assert.Equal((3, 3), (Of(5).PlaceByComplexity, Of(5).PlaceByOutcome));
    }

    [Theory]
    [InlineData(2, 0.1, "2.00 ± 0.10")]
    [InlineData(2, 0, "2")]
    [InlineData(2, double.NaN, "2")]
    public void A_number_shows_its_error_where_it_has_one(double value, double error, string expected) =>
        Assert.Equal(expected, Numbers.Format(new Uncertain(value, error)));

    private static double Shrunk(RunFolder run, double factor)
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = run.Network();
        var scaled =
            network.WithInitializers(network.Parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value * factor)));
        return new GeometricComplexity().Measurement(
            new MeasureContext(new Subject(scaled), run.Configuration.Data.OpenTrain())).Value!.Value;
    }

    private Explanation Explain(RunFolder run) => SmallRuns.Explain(run, _runs.Root);

    private RunFolder Train(string name, string configuration) => _runs.Train(name, configuration);
}
