using System.Collections.Immutable;
using Occam.Data;
using Occam.Networks;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Probes;

namespace Occam.Lab.Runs.Configuration;

/// <summary>A configuration with its data opened and its network made: all that was to be checked has been.</summary>
public sealed class RunPlan
{
    internal RunPlan(RunConfiguration configuration, Network network, DataSet train, DataSet? test, ImmutableArray<Probe> probes)
    {
        Configuration = configuration;
        Network = network;
        Train = train;
        Test = test;
        Probes = probes;
    }

    /// <summary>The configuration.</summary>
    public RunConfiguration Configuration { get; }

    /// <summary>The network before its first step.</summary>
    public Network Network { get; }

    /// <summary>The training examples.</summary>
    public DataSet Train { get; }

    /// <summary>The test examples, where there are any.</summary>
    public DataSet? Test { get; }

    /// <summary>The quantities observed during training.</summary>
    public ImmutableArray<Probe> Probes { get; }

    /// <summary>A trainer at its beginning.</summary>
    public Trainer MakeTrainer() => new(Network, Train, Configuration.Settings, Probes) { KeepBest = Configuration.KeepBest };

    /// <summary>Takes a step, before and after which every probe is observed on one batch: what can't be computed is known before the long
    /// work.</summary>
    /// <exception cref="OccamException">A probe can't be measured, or the loss is no number.</exception>
    public void Rehearse()
    {
        var settings = Configuration.Settings;
        DataSet Few(DataSet data) => data.Subset(Math.Min(settings.BatchSize ?? data.Count, data.Count), settings.Seed);
        var probes = Probes.Select(probe => probe switch
        {
            Evaluation evaluation => new Evaluation(evaluation.Prefix, Few(evaluation.Data), Cadence.Ends),
            MeasureProbe { Data: { } data } measure => measure with { Data = Few(data), When = Cadence.Ends },
            EdgeOfStability stability => stability with { Data = Few(stability.Data), When = Cadence.Ends },
            _ => probe,
        });
        using var scope = Libtorch.NewDisposeScope();
        using var trainer = new Trainer(Network, Train, settings, probes) { KeepBest = Configuration.KeepBest };
        trainer.Begin();
        if (trainer.End != TrainingEnd.None)
        {
            return;
        }

        trainer.TakeStep();
        if (trainer.End == TrainingEnd.Diverged)
        {
            throw new OccamException($"the training diverges at its first step: the loss is {trainer.Loss}");
        }

        trainer.Observe();
    }

    /// <summary>The same from another network of the same kind.</summary>
    internal RunPlan From(Network network) => new(Configuration, network.To(Network.Type, Network.Device), Train, Test, Probes);

    /// <summary>Opens the data, makes the network, and checks that everything fits together, before the first step.</summary>
    /// <param name="reading">A configuration, mistakes of the writing among the problems.</param>
    /// <param name="network">The network to start from where it is at hand; made by the configuration's recipe when null.</param>
    /// <returns>The plan, or all that is wrong.</returns>
    public static (RunPlan? Plan, ImmutableArray<ConfigurationProblem> Problems) Make(
        ConfigurationReading reading, Network? network = null) =>
        reading.Legible is null ? (null, reading.Problems) : new RunPlanMaker(reading, reading.Legible).Make(network);
}
