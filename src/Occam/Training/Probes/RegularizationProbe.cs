using Occam.Data;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Training.Probes;

/// <summary>
/// What each regularizer of the training does: <c>regularizer.ID</c>, its bare value on some examples in training mode,
/// <c>regularizer.ID.strength</c>, the factor on it at the next step, and <c>regularizer.ID.gradient-norm</c>, the norm
/// of its bare value's gradient by the parameters. Regularizers of one id are told apart as <c>ID-2</c>, <c>ID-3</c>, …
/// </summary>
/// <param name="Data">The examples that are taken from the front.</param>
/// <param name="When">At which steps.</param>
/// <param name="Examples">How many.</param>
public sealed record RegularizationProbe(DataSet Data, Cadence When, int Examples = 256) : Probe(When)
{
    /// <inheritdoc/>
    public override string Name => "regularizers";

    /// <inheritdoc/>
    public override IEnumerable<Metric> Observe(Trainer trainer)
    {
        var settings = trainer.Settings;
        var network = trainer.Snapshot();
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator((ulong)settings.Seed, network.Device);
        var random = new SeededRandom(settings.Seed);
        var options = new RunOptions { Training = true, Generator = generator, DropoutAfterForward = settings.DropoutAfterForward };
        var names = settings.TrainedParameters(network);
        var count = Math.Min(Examples, Data.Count);
        var examples = new SupervisedExamples(network, Data, SupervisedExamples.TargetsOf(settings.Loss, Data));
        var (inputs, targets) = examples.Take([.. Enumerable.Range(0, count)]);
        var metrics = new List<Metric>();
        foreach (var (own, regularizer) in settings.NamedRegularizers())
        {
            var name = $"regularizer.{own}";
            var penalty = Penalty.Of(
                regularizer, network, names, settings.Loss, inputs, targets, options, generator,
                () => examples.Take([.. Enumerable.Range(0, count).Select(_ => random.NextInt(Data.Count))]));
            metrics.Add(new Metric(trainer.Step, trainer.Epoch, name, penalty.Value));
            metrics.Add(new Metric(trainer.Step, trainer.Epoch, name + ".strength", regularizer.StrengthAt(trainer.Step, trainer.StepsPerEpoch, trainer.Steps)));
            metrics.Add(new Metric(trainer.Step, trainer.Epoch, name + ".gradient-norm", penalty.GradientNorm));
        }

        return metrics;
    }
}
