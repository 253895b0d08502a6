using System.Collections.Immutable;
using Occam.Lab.Explaining;
using Occam.Lab.Explaining.Pages;
using Occam.Lab.Runs.Configuration;
using Occam.Lab.Runs.Store;
using Xunit;

namespace Occam.Lab.Tests.Explaining;

public sealed class FindingsTests : IDisposable
{
    private const string Waves = """
        network: { id: mlp, hidden: [6] }
        data: { id: waves, frequency: 0.5, train: 20, test: 5 }
        loss: mse
        optimizer: { id: sgd, learning-rate: 0.05 }
        steps: 5

        """;

    private const string Untested = """
        network: { id: mlp, hidden: [6] }
        data: { train: glyphs:train, limit: 24 }
        loss: cross-entropy
        optimizer: { id: sgd, learning-rate: 0.05 }
        steps: 5

        """;

    private readonly SmallRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Of_ten_classes_alike_the_two_farthest_do_not_stand_out_and_one_example_is_no_class()
    {
        ClassComplexity[] alike = [.. Enumerable.Range(0, 10).Select(i => new ClassComplexity(i, 30, new Uncertain(1 + (0.035 * i), 0.1)))];
        ImmutableArray<ClassComplexity> classes = [.. alike, new ClassComplexity(10, 1, new Uncertain(100, double.NaN))];

        // 0.315 is 2.2 standard errors of a difference: what the farthest of ten equal classes have about half of the time.
        var explanation = Explain("run", Untested);
        Assert.Contains("No class stands out beyond its error.", Of(explanation, classes));
        classes = classes.SetItem(0, new ClassComplexity(0, 30, new Uncertain(0.5, 0.1)));
        Assert.Contains(Of(explanation, classes), finding => finding.Contains("highest at the examples of class 9")
            && finding.Contains("lowest at those of class 0"));
    }

    [Fact]
    public void A_run_that_has_not_come_to_its_end_is_told_of_by_its_step()
    {
        var diverged = Explain("run", Waves.Replace("0.05", "1000").Replace("steps: 5", "steps: 500"));

        Assert.Equal(RunState.Diverged, diverged.Status.State);
        Assert.All(Findings.Of(diverged), finding => Assert.DoesNotContain("at the end", finding, StringComparison.OrdinalIgnoreCase));
        Assert.Contains(Findings.Of(diverged), finding => finding.Contains($"at step {diverged.Status.Checkpoint}, "));
    }

    [Fact]
    public void Of_a_network_beyond_all_bounds_nothing_is_told_but_that()
    {
        var tested = Untested.Replace("limit: 24", "limit: 24, test: glyphs:test, test-limit: 10");
        var explanation = Explain("run", tested.Replace("0.05", "1e37").Replace("steps: 5", "steps: 1"));

        Assert.Equal((null, null, null), (explanation.Place, explanation.Mechanisms, explanation.Comparison));
        Assert.Empty(Findings.Of(explanation));
        Assert.Contains(explanation.OpenQuestions, question => question.Why.Contains("out of all bounds"));
        Assert.Contains("out of all bounds", ExplanationPage.Of(explanation, "").ToHtml());

        // And it has no place among others.
        var beside = Explain("another", tested);
        Assert.Single(beside.Comparison!.Runs);
        Assert.Contains(beside.OpenQuestions, question => question.Why.Contains("not finite"));
    }

    [Fact]
    public void The_same_training_twice_counts_once()
    {
        _runs.Train("first", Waves);
        _runs.Train("again", Waves + "evaluate: 1 steps");
        _runs.Train("other", Waves + "seed: 2");
        var explanation = Explain("this", Waves);
        Assert.Equal(["this", "other"], explanation.Comparison!.Runs.Select(run => run.Name));
        Assert.Equal(2, explanation.OpenQuestions.Count(question => question.Why == "it is the same training as this"));
    }

    [Fact]
    public void Losses_are_compared_of_one_kind_and_on_the_same_data()
    {
        _runs.Train("half", Waves.Replace("mse", "half-squared-error"));
        var tested = Explain("whole", Waves);
        Assert.Single(tested.Comparison!.Runs);
        Assert.Contains(tested.OpenQuestions, question => question.Why.Contains("half-squared-error"));

        _runs.Train("fewer", Untested.Replace("24", "20"));
        _runs.Train("same", Untested.Replace("steps: 5", "steps: 6"));
        var untested = Explain("untested", Untested);
        Assert.Equal("training loss", untested.Comparison!.Outcome);
        Assert.Equal(["untested", "same"], untested.Comparison.Runs.Select(run => run.Name));
        Assert.Contains(
            untested.OpenQuestions, question => question.What.Contains("fewer") && question.Why.Contains("trained on other data"));
    }

    [Fact]
    public void Classes_that_are_fitted_as_numbers_are_taken_for_the_nearest_and_have_no_accuracy()
    {
        var run = _runs.Train("run", Untested.Replace("cross-entropy", "half-squared-error")
            .Replace("0.05", "0.001")
            .Replace("limit: 24", "limit: 24, test: glyphs:test, test-limit: 10"));
        Assert.DoesNotContain(run.Status.Metrics.Keys, name => name.EndsWith("accuracy", StringComparison.Ordinal));
        var explanation = SmallRuns.Explain(run, _runs.Root);

        Assert.Equal("test loss", explanation.Comparison!.Outcome);
        using var scope = Occam.Torch.Libtorch.NewDisposeScope();
        var (data, network) = (run.Configuration.Data.OpenTrain(), run.Network());
        Assert.All(explanation.Place!.Most, example =>
        {
            // The example's number is that in the whole of the data, of which 24 are taken.
            var x = new float[784];
            data.CopyInputs([Enumerable.Range(0, data.Count).Single(i => data.IndexInWhole(i) == example.Index)], x);
            var number = network.Forward(Occam.Torch.Tensor.FromArray(x, 1, 784)).ToArray<float>()[0];
            Assert.Equal(Math.Clamp((int)Math.Round(number), 0, 9), example.Predicted);
        });
        Assert.Contains(explanation.Place.Most, example => example.Predicted > 1);
    }

    [Fact]
    public void Batches_are_as_large_as_memory_takes()
    {
        using var scope = Occam.Torch.Libtorch.NewDisposeScope();
        RunBatches Of(string configuration)
        {
            var reading = ConfigurationReading.OfText(configuration, "run.yaml");
            var (plan, problems) = RunPlan.Make(reading);
            Assert.Empty(problems);
            return new RunBatches(reading.Require(), plan!.Network, plan.Train, 0, isRandom: false);
        }

        var small = Of(Untested.Replace("24", "1000"));
        Assert.Equal((1000, 0, true, 1), (small.Size, small.Cotangents, small.IsWhole, small.Indices.Length));
        var large = Of(Untested.Replace("24", "1000").Replace("mlp, hidden: [6]", "resnet18"));
        Assert.True(large.Size is > 16 and < 256 && large.Cotangents == 1, $"{large.Size} with {large.Cotangents}");
    }

    [Fact]
    public void A_damaged_run_beside_it_is_told_and_does_no_harm()
    {
        var run = _runs.Train("run", Waves);
        _runs.Train("damaged", Waves);
        File.WriteAllText(Path.Combine(_runs.Root, "damaged", "environment.json"), "{");
        var explanation = SmallRuns.Explain(run, Path.Combine(_runs.Root, "elsewhere"));

        Assert.Single(explanation.Comparison!.Runs);
        Assert.Contains(explanation.OpenQuestions, question => question.What.Contains("can't be read"));
    }

    private static string[] Of(Explanation explanation, ImmutableArray<ClassComplexity> classes) =>
        [.. Findings.Of(explanation with { Place = explanation.Place! with { Classes = classes } })];

    private Explanation Explain(string name, string configuration) => SmallRuns.Explain(_runs.Train(name, configuration), _runs.Root);
}
