using System.Collections.Immutable;
using System.Globalization;
using Occam.Data;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Experiments.Neyshabur2017;
using Occam.Lab.Reports;
using Occam.Networks.Builders;
using Occam.Theory;
using Occam.Torch;
using Xunit;

namespace Occam.Lab.Tests.Experiments;

public sealed class NeyshaburTests
{
    public static TheoryData<string> Figures =>
        [.. ExperimentCatalogue.All.Values
            .Where(experiment => experiment.Paper == Papers.Neyshabur2017)
            .Select(experiment => experiment.Id)];

    [Theory]
    [MemberData(nameof(Figures))]
    public void Every_figure_is_drawn_at_the_smoke_scale(string id)
    {
        var experiment = ExperimentCatalogue.Find(id);
        var outcome = experiment.Run(Context([0, 1]));

        SmokeFigure.AssertIsWhole(experiment, outcome);
    }

    [Fact]
    public void What_is_known_by_heart_has_finite_norms_over_a_positive_margin_and_random_labels_are_not_learned()
    {
        var outcome = ExperimentCatalogue.Find("eg-1").Run(Context([0, 1]));

        var trainings = Rows(outcome, "trainings");
        var norms = Rows(outcome, "norms");
        Assert.Equal(trainings.Count, norms.Count);
        foreach (var (training, norm) in trainings.Zip(norms))
        {
            // An error of 0 on all examples is a positive smallest margin, and so a positive 5th percentile.
            Assert.True(Number(training["training_error"]) > 0
                || Number(norm["margin_of_0.05"]) > 0, $"{training["group"]} has the margin {norm["margin_of_0.05"]}");
            Assert.Equal(Number(norm["margin_of_0.05"]) > 0, double.IsFinite(Number(norm["log10_l2_norm_over_margin"])));
        }

        Assert.Contains(trainings, training => Number(training["fitted"]) == 1);
    }

    [Fact]
    public void Margins_rise_with_the_share_of_examples_that_fall_short_of_them_and_capacities_only_add_terms_of_the_architecture()
    {
        var norms = Rows(ExperimentCatalogue.Find("eg-1").Run(Context([2])), "norms");

        Assert.All(norms, row =>
        {
            double[] margins = [.. NormValues.Shares.Select(share =>
                Number(row[string.Create(CultureInfo.InvariantCulture, $"margin_of_{share}")]))];
            Assert.Equal(margins.Order(), margins);

            // 4^d for ten layers with weights: eight convolutions and two dense ones.
            var terms = Number(row["log10_l2_norm_capacity"]) - Number(row["log10_l2_norm_over_margin"]);
            Assert.True(margins[2] > 0 ? Math.Abs(terms - (10 * Math.Log10(4))) < 1e-9 : double.IsNaN(terms), $"{terms}");
        });
    }

    [Fact]
    public void The_divergence_falls_as_the_square_of_the_size_of_the_perturbations()
    {
        var curves = Rows(ExperimentCatalogue.Find("eg-4").Run(Context([3])), "pac-bayes-curves");

        Assert.All(curves.GroupBy(row => row["group"]), group =>
        {
            double[] constant = [.. group.Select(row => Number(row["kl"]) * Math.Pow(Number(row["alpha"]), 2))];
            Assert.All(constant, value => Assert.Equal(constant[0], value, constant[0] * 1e-9));
        });
    }

    [Fact]
    public void Constants_of_the_conditions_keep_to_what_follows_from_their_definitions()
    {
        Assert.All(Rows(ExperimentCatalogue.Find("eg-5").Run(Context([5])), "conditions"), row =>
        {
            // The largest of a layer's rows has no less than their mean square, and D only takes rows away.
            Assert.True(Number(row["c3"]) >= 1, $"C3 = {row["c3"]}");

            // For more δ the share over δ is larger, and the worst example is worse than the mean.
            Assert.True(Number(row["c2"]) >= Number(row["c2_from_delta_0.02"]));
            Assert.InRange(Number(row["c2_as_drawn"]), 0, 1 / 0.02);

            // With a = c = 0 and b = 1 the ratio is √h_0 ‖D_1W_1x‖/(‖D_1W_1‖_F ‖x‖), which is about 1 at initialization.
            Assert.InRange(Number(row["one_over_mu"]), Math.Max(1, Number(row["one_over_mu_as_printed"])), 100);
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Figures_and_theorems_have_the_same_conditions_of_a_network_and_its_examples(ulong seed)
    {
        using var generator = new Generator(seed);
        var network = Mlp.Build([12, 30, 30, 30, 4], "relu", InitializationScheme.He, generator, bias: false);
        var random = new SeededRandom((long)seed);
        var data = DataSet.FromArrays(
            "inputs", [12], [.. Enumerable.Range(0, 8 * 12).Select(_ => 5 * random.NextGaussian())], [.. Enumerable.Repeat(0, 8)]);
        var figure = LayerConditions.Measure(network, data, 8, new Replica(0, TestContext.Current.CancellationToken, _ => { }));
        var theorem = TheoremCatalogue.Find("eg-theorem-1").Check(new TheoryContext(network, data) { Options = new(Draws: 2) });

        Assert.Equal(theorem.Detail("conditionNumber"), figure.ConditionNumber, figure.ConditionNumber * 1e-9);
        Assert.Equal(1 / theorem.Detail("mu.stated"), figure.StatedConditionNumber, figure.StatedConditionNumber * 1e-9);
        Assert.Equal(theorem.Detail("C2"), figure.C2, figure.C2 * 1e-9);
        Assert.Equal(theorem.Detail("C3"), figure.C3, figure.C3 * 1e-9);

        // As it may have been drawn, C2 is of longer inputs, of their mean, and without the smallest δ: less.
        Assert.True(figure.DrawnC2 < figure.CoarseC2 && figure.CoarseC2 <= figure.C2);
        Assert.True(figure.InputNorm > 5);
    }

    [Fact]
    public void The_curves_as_drawn_are_mean_shares_of_inputs_as_the_network_takes_them()
    {
        // Pre-activations 2 and −0.3 of the first example, 0.5 and 1 of the second.
        using var generator = new Generator(1);
        var network = Mlp.Build([2, 2, 1], "relu", InitializationScheme.He, generator, bias: false);
        network = network.WithInitializers(network.Parameters.Select((parameter, i) => KeyValuePair.Create(
            parameter.Name, i == 0 ? Tensor.FromArray([1f, 0, 0, 1], 2, 2) : Tensor.FromArray([1f, 2], 1, 2))));
        var figure = LayerConditions.Measure(
            network, DataSet.FromArrays("two", [2], [2, -0.3, 0.5, 1], [0, 0]), 2,
            new Replica(0, TestContext.Current.CancellationToken, _ => { }));

        double At(double delta) => figure.DrawnNearZero[0][LayerConditions.DrawnDeltas.IndexOf(delta)];
        Assert.Equal([0, 0.25, 0.5, 0.75], new[] { 0.28, 0.32, 0.52, 1 }.Select(At));
        Assert.Equal(Math.Max(0.5 / 0.5, 0.25 / 0.3), figure.DrawnC2, 0.1);
        Assert.Equal([2, 2.5], figure.Outputs.Select(output => Math.Round(output, 5)));

        // The worst is the first example: one unit of two within 0.3/√4.09 of zero.
        Assert.Equal(0.5 / (0.3 / Math.Sqrt(4.09)), figure.C2, 1e-6);
    }

    [Fact]
    public void Trainings_and_measures_are_the_same_alone_and_side_by_side()
    {
        var together = Cells("eg-3", Context([7, 8]));
        var alone = Cells("eg-3", Context([8], threads: 1));

        Assert.Equal(alone, together);
    }

    private static double Number(object? value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);

    private static List<Dictionary<string, object?>> Rows(ExperimentOutcome outcome, string table)
    {
        var found = outcome.Tables.Single(one => one.Name == table);
        return [.. found.Rows.Select(row => found.Columns.Zip(row).ToDictionary(pair => pair.First, pair => pair.Second))];
    }

    private static List<string> Cells(string id, ExperimentContext context)
    {
        var outcome = ExperimentCatalogue.Find(id).Run(context);
        return [.. outcome.Tables.SelectMany(table => Rows(outcome, table.Name)
            .Where(row => Number(row["seed"]) == context.Seeds[^1])
            .Select(row => $"{table.Name}: {string.Join(", ", row)}"))];
    }

    private static ExperimentContext Context(ImmutableArray<int> seeds, int threads = 2) => new()
    {
        Scale = ExperimentScale.Smoke,
        Seeds = seeds,
        Threads = threads,
        Cancellation = TestContext.Current.CancellationToken,
    };
}
