using Occam.Data;
using Occam.Measures;
using Occam.Networks.Loading;

namespace Occam.Training.Probes;

/// <summary>A measure of the network of now, under its name; with its layers where the options ask for them (<c>NAME.LAYER</c>).</summary>
/// <param name="Measure">The measure.</param>
/// <param name="Data">The examples it is measured on; none where it needs none.</param>
/// <param name="When">At which steps.</param>
/// <param name="Options">How it is measured: the same random numbers every time.</param>
public sealed record MeasureProbe(Measure Measure, DataSet? Data, Cadence When, MeasureOptions? Options = null) : Probe(When)
{
    /// <summary>The name of its metric, the measure's unless given.</summary>
    public string Metric { get; init; } = Measure.Name;

    /// <inheritdoc/>
    public override string Name => Metric;

    /// <inheritdoc/>
    public override IEnumerable<Metric> Observe(Trainer trainer)
    {
        var final = trainer.Settings.Loss switch
        {
            Losses.BinaryCrossEntropy => FinalActivation.Sigmoid,
            Losses.CrossEntropy => FinalActivation.Softmax,
            _ => FinalActivation.None,
        };
        var result = Measure.Measurement(
            new MeasureContext(new Subject(trainer.Snapshot(), final).WithInitial(trainer.Start), Data, Options ?? new MeasureOptions()));
        if (result.Value is not { } value)
        {
            throw new OccamException($"'{Measure.Name}' can't be measured while training: {result.NotApplicable}");
        }

        yield return new Metric(trainer.Step, trainer.Epoch, Metric, value, result.StandardError, result.Seconds);
        foreach (var layer in result.Layers)
        {
            yield return new Metric(trainer.Step, trainer.Epoch, $"{Metric}.{layer.Name}", layer.Value, 0, 0);
        }
    }
}
