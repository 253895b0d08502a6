using Occam.Data;
using Occam.Measures;
using Occam.Measures.Loss;

namespace Occam.Training.Probes;

/// <summary>
/// The implicit regularization of the next step on some examples as its batch (Dherin et al. 2022, eq. 6): (h/4)‖∇L_B‖² with the
/// learning rate h of now, by the parameters that train, and its parts: <c>implicit-gradient-regularization</c>, <c>.gradient-norms</c>,
/// <c>.label-alignment</c>, <c>.batch-alignment</c>. Regularizers are not in L_B.
/// </summary>
/// <param name="Data">The examples, of which the same are taken every time.</param>
/// <param name="When">At which steps.</param>
/// <param name="Examples">How many: the batch B.</param>
/// <param name="RunningStatistics">
/// Whether batch normalization takes its running statistics. With the batch's own, as in training, the examples are
/// coupled and the terms not defined.
/// </param>
public sealed record ImplicitRegularizationProbe(DataSet Data, Cadence When, int Examples = 64, bool RunningStatistics = false) : Probe(When)
{
    private static readonly ImplicitGradientRegularization s_measure = new();

    /// <inheritdoc/>
    public override string Name => s_measure.Id;

    /// <inheritdoc/>
    public override IEnumerable<Metric> Observe(Trainer trainer)
    {
        var network = trainer.Snapshot();
        if (!RunningStatistics && ImplicitGradient.Coupling(network) is { } node)
        {
            throw new OccamException($"'{Name}' is not defined while training: {node} takes the batch's statistics, which couples its examples; ask for running statistics, or leave the probe out");
        }

        if (trainer.Settings.Loss is not (Losses.CrossEntropy or Losses.BinaryCrossEntropy or Losses.HalfSquaredError))
        {
            throw new OccamException($"'{Name}' is stated for losses whose slope is the residual, and the training's is '{trainer.Settings.Loss.Id}': expected cross-entropy, binary-cross-entropy or half-squared-error");
        }

        var settings = trainer.Settings;
        var batch = Examples < Data.Count ? Data.Subset(Examples, settings.Seed) : Data;
        var subject = new Subject(network) { Frozen = [.. network.Parameters.Select(parameter => parameter.Name).Where(settings.IsFrozen)] };
        var result = s_measure.Measurement(new MeasureContext(subject, settings.Loss.TakesClasses ? batch : batch.WithRealTargets()));
        if (result.Value is not { } value)
        {
            throw new OccamException($"'{Name}' can't be measured while training: {result.NotApplicable}");
        }

        var factor = trainer.LearningRate / 4;
        Metric MetricOf(string name, double number, double seconds = 0) => new(trainer.Step, trainer.Epoch, Name + name, factor * number, 0, seconds);
        return
        [
            MetricOf("", value, result.Seconds), MetricOf(".gradient-norms", result.Detail("gradientNorms")),
            MetricOf(".label-alignment", result.Detail("labelAlignment")), MetricOf(".batch-alignment", result.Detail("batchAlignment")),
        ];
    }
}
