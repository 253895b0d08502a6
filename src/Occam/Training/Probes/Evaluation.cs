using Occam.Data;

namespace Occam.Training.Probes;

/// <summary>
/// The mean loss on a data set in evaluation mode, and for a loss on classes the share classified correctly: <c>NAME.loss</c>,
/// <c>NAME.accuracy</c>.
/// </summary>
/// <param name="Prefix">The name, such as <c>test</c>.</param>
/// <param name="Data">The examples.</param>
/// <param name="When">At which steps.</param>
public sealed record Evaluation(string Prefix, DataSet Data, Cadence When) : Probe(When)
{
    private readonly Lazy<(float[] Inputs, double[] Targets)> _arrays = new(() => Arrays(Data));

    /// <inheritdoc/>
    public override string Name => Prefix;

    /// <inheritdoc/>
    public override IEnumerable<Metric> Observe(Trainer trainer)
    {
        var (inputs, targets) = _arrays.Value;
        var (loss, accuracy) = trainer.Evaluate(inputs, targets, Data.Count);
        yield return new Metric(trainer.Step, trainer.Epoch, $"{Prefix}.loss", loss);
        if (trainer.Settings.Loss.TakesClasses)
        {
            yield return new Metric(trainer.Step, trainer.Epoch, $"{Prefix}.accuracy", accuracy);
        }
    }

    private static (float[], double[]) Arrays(DataSet data)
    {
        var inputs = new float[checked(data.Count * data.ExampleSize)];
        data.CopyInputs([.. Enumerable.Range(0, data.Count)], inputs);
        return (inputs, data.Targets ?? Array.ConvertAll(data.RequireLabels(), label => (double)label));
    }
}
