using System.Collections.Immutable;
using Occam.Data;
using Occam.Lab.Experiments.Beyond;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Measures;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Torch;
using Xunit;

namespace Occam.Lab.Tests.Experiments;

public sealed class BeyondTests
{
    public static TheoryData<string> Figures =>
        [.. ExperimentCatalogue.All.Keys.Where(id => id.StartsWith("beyond-", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Figures))]
    public void Every_figure_is_drawn_at_the_smoke_scale(string id)
    {
        var experiment = ExperimentCatalogue.Find(id);
        var outcome = experiment.Run(Context([0, 1]));

        SmokeFigure.AssertIsWhole(experiment, outcome);
    }

    [Fact]
    public void The_edge_is_where_the_sharpness_first_reaches_two_over_the_step_size()
    {
        EdgeRun run = new(
            0.1, 0,
            [
                new(0, 5, double.NaN, 0), new(10, 10, 4, 1), new(20, 20, 2, 0), new(30, 24, 1.5, 6), new(40, 16, 1, 4), new(50, 22, 1, 5),
                new(60, 20, 1, 5), new(70, 18, 0.5, 5),
            ]);

        Assert.Equal(20, run.Threshold);
        Assert.True(run.Reached);
        Assert.Equal((0.25, 1.2), (run.Start, run.Largest));
        Assert.Equal((20 + 24 + 16 + 22 + 20 + 18) / 6.0 / 20, run.Hovering, 12);
        Assert.Equal(25 / 50.0, run.Raising, 12);
        Assert.Equal(1 / 10.0, run.RaisingBefore, 12);
        Assert.Equal(0.25, run.LossLeft, 12);
        Assert.False((run with { Track = [.. run.Track.Take(6)] }).Reached);
    }

    [Fact]
    public void The_largest_rise_is_the_largest_of_all_pairs()
    {
        SeededRandom random = new(1);
        for (var trial = 0; trial < 50; trial++)
        {
            double[] values = [.. Enumerable.Range(0, 12).Select(_ => 1 + random.NextDouble())];
            RegionRun run = new(0, [.. values.Select((value, i) => new RegionPoint(i, 0, 0, 0, value, 1, 1))]);

            var best = (from i in Enumerable.Range(0, 12) from j in Enumerable.Range(i, 12 - i) select values[j] / values[i]).Max();

            Assert.Equal(best, run.Ascent, 12);
            Assert.Equal(values[..(run.Rise.Trough + 1)].Max() / values[run.Rise.Trough], run.FirstDescent, 12);
            Assert.Equal(values[run.Rise.Peak] / values[run.Rise.Peak..].Min(), run.SecondDescent, 12);
        }
    }

    [Fact]
    public void A_point_of_the_decision_boundary_has_two_largest_logits_and_lies_on_its_line()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, data) = (Perceptron([3, 20, 4]), Points(30, 3, 4));
        (int First, int Second)[] pairs = [.. Enumerable.Range(0, 15).Select(i => (i, 29 - i))];
        var logits = Logits(network, data);
        var differing = pairs.Where(pair => Largest(logits[pair.First]) != Largest(logits[pair.Second])).ToArray();

        var found = DecisionBoundary.Between(new Subject(network), data, pairs)!;

        Assert.InRange(differing.Length, 2, 14);
        Assert.Equal(differing.Length, found.Count);
        Assert.All(
            Logits(network, found).Select(row => row.Order().ToArray()), row => Assert.InRange(row[^1] - row[^2], 0, 1e-4));
        Assert.All(differing.Index(), at =>
        {
            var (a, b, p) = (Row(data, at.Item.First), Row(data, at.Item.Second), Row(found, at.Index));
            Assert.Equal(Distance(a, b), Distance(a, p) + Distance(p, b), 1e-5);
        });
        Assert.Null(DecisionBoundary.Between(new Subject(network), data, [(0, 0), (3, 3)]));
    }

    [Fact]
    public void An_attack_on_a_linear_classifier_of_two_classes_is_the_worst_there_is()
    {
        using var scope = Libtorch.NewDisposeScope();
        var (network, data) = (Perceptron([5, 2]), Points(200, 5, 2));
        var subject = new Subject(network);
        var weight = network.Parameters.Single(parameter => parameter.Name.EndsWith("weight", StringComparison.Ordinal)).Value;
        var (w, logits) = (weight.To(ScalarType.Float64).ToArray<double>(), Logits(network, data));
        var norm = Enumerable.Range(0, 5).Sum(i => Math.Abs(w[i] - w[5 + i]));

        // What the logits differ by falls by ε ‖w_1 − w_0‖_1 at most.
        double Expected(double reach) => Enumerable.Range(0, 200).Count(
            i => logits[i][data.Labels![i]] - logits[i][1 - data.Labels![i]] <= reach * norm) / 200.0;

        Assert.Equal(Expected(0), SignAttack.Error(subject, data, 0), 12);
        Assert.Equal(Expected(0.3), SignAttack.Error(subject, data, 0.3), 12);
        Assert.InRange(Expected(0.3) - Expected(0), 0.05, 0.9);
    }

    [Fact]
    public void New_examples_go_to_the_nearest_of_the_means_of_a_few()
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = Perceptron([4, 6, 3]);
        var subject = new Subject(network);
        DataSet few = Points(6, 4, 3, seed: 5), tested = Points(40, 4, 3, seed: 6);
        few = few.WithLabels([0, 1, 2, 0, 1, 2], "in turn");
        double[][] Features(DataSet data)
        {
            // relu(W x + b), in double precision.
            var parameters = network.Parameters.ToDictionary(one => one.Name, one => one.Value.To(ScalarType.Float64).ToArray<double>());
            var (W, b) = (parameters["layer1.weight"], parameters["layer1.bias"]);
            return [.. Enumerable.Range(0, data.Count).Select(i => Row(data, i)).Select(x => Enumerable.Range(0, 6).Select(
                j => Math.Max(0, b[j] + Enumerable.Range(0, 4).Sum(k => W[(4 * j) + k] * x[k]))).ToArray())];
        }

        var known = Features(few);
        double[][] means = [.. Enumerable.Range(0, 3).Select(c => known[c].Zip(known[c + 3], (a, b) => (a + b) / 2).ToArray())];
        var wrong = Features(tested).Zip(tested.Labels!, (x, label) =>
            Enumerable.Range(0, 3).MinBy(c => Distance(means[c], x)) == label ? 0.0 : 1).Average();

        Assert.Equal(wrong, NearestMeans.Error(new MeasureContext(subject, few), new MeasureContext(subject, tested)), 12);
        Assert.InRange(wrong, 0.1, 0.9);
    }

    [Fact]
    public void Chosen_classes_come_in_order_as_many_of_each()
    {
        var data = Points(9, 2, 3).WithLabels([2, 0, 1, 2, 0, 1, 2, 0, 1], "in turn");

        var chosen = ClassChoice.Of(data, [2, 1], 2, skipped: 1);

        Assert.Equal([0, 0, 1, 1], chosen.Labels!);
        Assert.Equal(new[] { 3, 6, 5, 8 }.Select(i => Row(data, i)), Enumerable.Range(0, 4).Select(i => Row(chosen, i)));
        Assert.Contains("has 2 examples of class 2", Assert.Throws<OccamException>(() => ClassChoice.Of(data, [2], 3, 1)).Message);
    }

    [Fact]
    public void A_tenth_of_the_labels_is_made_wrong_and_no_more()
    {
        int[] labels = [.. Enumerable.Range(0, 300).Select(i => i % 7)];

        var (spoiled, wrong) = NoiseAuditTask.Spoil(labels, 7, 3);

        Assert.Equal(30, wrong.Count(each => each));
        Assert.Equal(wrong, labels.Zip(spoiled, (own, other) => own != other));
        Assert.All(spoiled, label => Assert.InRange(label, 0, 6));
    }

    private static ExperimentContext Context(ImmutableArray<int> seeds) => new()
    {
        Scale = ExperimentScale.Smoke,
        Seeds = seeds,
        Threads = 2,
        Cancellation = TestContext.Current.CancellationToken,
    };

    private static Network Perceptron(long[] sizes)
    {
        using Generator generator = new(3);
        return Mlp.Build(sizes, "relu", InitializationScheme.PyTorch, generator);
    }

    private static DataSet Points(int count, int size, int classes, int seed = 4)
    {
        SeededRandom random = new(seed);
        return DataSet.FromArrays(
            "points", [size], [.. Enumerable.Range(0, count * size).Select(_ => (float)random.NextGaussian())],
            [.. Enumerable.Range(0, count).Select(_ => random.NextInt(classes))]);
    }

    private static double[] Row(DataSet data, int index)
    {
        var row = new double[data.ExampleSize];
        data.CopyInputs([index], row);
        return row;
    }

    private static double[][] Logits(Network network, DataSet data)
    {
        var logits = network.Forward(new MeasureContext(new Subject(network), data).Examples(0, data.Count));
        return [.. logits.To(ScalarType.Float64).ToArray<double>().Chunk((int)logits.Size(1))];
    }

    private static int Largest(double[] row) => Array.IndexOf(row, row.Max());

    private static double Distance(double[] a, double[] b) => Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum());
}
