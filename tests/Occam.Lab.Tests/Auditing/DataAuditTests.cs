using Occam.Data;
using Occam.Lab.Auditing;
using Occam.Lab.Measuring;
using Occam.Measures;
using Occam.Measures.Loss;
using Occam.Networks.Builders;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Xunit;

namespace Occam.Lab.Tests.Auditing;

public sealed class DataAuditTests
{
    private const int Count = 200;

    [Fact]
    public void Wrong_labels_are_found_by_a_network_that_hasnt_learned_them_by_heart()
    {
        var (noisy, clean) = Noisy();
        var audit = DataAudit.Of(Measured(noisy, DataAudit.Measures), clean);
        Assert.Equal(["loss", "-margin", "loss-slope", "geometric-complexity", "input-loss-curvature"], audit.Scores.Select(s => s.Name));
        var wrong = audit.Mislabelled!.Value;
        Assert.Equal(noisy.Labels!.Zip(clean.Labels!, (own, right) => own != right), wrong);

        // What knows the label finds most of them; how steep the function is, which doesn't, need not.
        foreach (var name in new[] { "loss", "-margin", "loss-slope" })
        {
            var area = audit.Scores.Single(score => score.Name == name).AreaUnderCurve!.Value;
            Assert.True(area.Value > 0.9, $"{name}: {area}");
            Assert.True(area.StandardError is (> 0 and < 0.05) or double.NaN);
        }

        // Among the first are many more than their share.
        Assert.True(audit.Ranked("loss").Take(10).Count(i => wrong[i]) >= 7);
        Assert.Equal(audit.Ranked("margin"), audit.Ranked("-margin"));
        var places = audit.Scores[0].Places;
        Assert.Equal(1, places[audit.Ranked("loss")[0]]);
        Assert.Equal(Enumerable.Range(1, Count), places.Order());
    }

    [Fact]
    public void Along_a_trajectory_examples_are_ranked_by_how_often_they_were_forgotten()
    {
        var (noisy, clean) = Noisy();
        MeasuredNetwork[] moments = [.. Enumerable.Range(1, 4).Select(seed => Measured(noisy, [new Margin()], seed))];

        var audit = DataAudit.Of(moments[^1], clean, moments[..^1]);

        bool Right(int moment, int i) => moments[moment].Results[0].PerExample[i] > 0;
        var forgotten = audit.Scores.Single(score => score.Name == DataAudit.Forgotten);
        Assert.Equal(
            Enumerable.Range(0, Count).Select(i => Enumerable.Range(0, 4).Any(moment => Right(moment, i))
                ? Enumerable.Range(0, 3).Count(moment => Right(moment, i) && !Right(moment + 1, i)) : 5.0),
            forgotten.Values);
        Assert.NotNull(forgotten.AreaUnderCurve);
        Assert.True(forgotten.Values.Distinct().Count() > 2);
    }

    [Fact]
    public void What_has_no_numbers_by_example_or_other_examples_is_refused()
    {
        var (noisy, clean) = Noisy();
        Assert.Contains(
            "no", Assert.Throws<OccamException>(() => DataAudit.Of(Measured(noisy, [MeasureCatalogue.Find("l2-norm")]))).Message);
        var measured = Measured(noisy, [MeasureCatalogue.Find("loss")]);
        Assert.Contains("12 examples", Assert.Throws<OccamException>(() => DataAudit.Of(measured, clean.Subset(12, 0))).Message);
        Assert.Contains("'loss'", Assert.Throws<OccamException>(() => DataAudit.Of(measured).Ranked("los")).Message);
        Assert.Null(DataAudit.Of(measured).Scores[0].AreaUnderCurve);
    }

    private static MeasuredNetwork Measured(DataSet data, IEnumerable<Measure> measures, int seed = 1)
    {
        using Generator generator = new((ulong)seed);
        var network = Mlp.Build([2, 16, 3], "tanh", InitializationScheme.He, generator);
        using var trainer = new Trainer(network, data, new TrainingSettings
        {
            Loss = new CrossEntropy(),
            Optimizer = new Sgd(0.1),
            BatchSize = 20,
            Epochs = 20,
        });
        trainer.Run(TestContext.Current.CancellationToken);
        var file = Path.GetTempFileName();
        OnnxWriter.Write(trainer.Snapshot().Graph, file);
        var loaded = NetworkLoader.Load(file);
        File.Delete(file);
        var context = new MeasureContext(Subject.Of(loaded), data);
        return new MeasuredNetwork(loaded, context, [.. measures.Select(measure => measure.Measurement(context))], 1);
    }

    // Three clusters that are well apart, with every tenth label another.
    private static (DataSet Noisy, DataSet Clean) Noisy()
    {
        SeededRandom random = new(3);
        var x = new double[2 * Count];
        int[] clean = [.. Enumerable.Range(0, Count).Select(i => i % 3)];
        for (var i = 0; i < Count; i++)
        {
            x[2 * i] = (2 * Math.Cos(2 * Math.PI * clean[i] / 3)) + (0.6 * random.NextGaussian());
            x[(2 * i) + 1] = (2 * Math.Sin(2 * Math.PI * clean[i] / 3)) + (0.6 * random.NextGaussian());
        }

        int[] noisy = [.. clean.Select((label, i) => i % 10 == 0 ? (label + 1) % 3 : label)];
        return (DataSet.FromArrays("noisy", [2], x, noisy), DataSet.FromArrays("clean", [2], x, clean));
    }
}
