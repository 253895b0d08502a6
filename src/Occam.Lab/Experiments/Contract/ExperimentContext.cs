using System.Collections.Immutable;
using Occam.Data;
using Occam.Torch;

namespace Occam.Lab.Experiments.Contract;

/// <summary>The settings that an experiment is run with, and access to its data and replicas.</summary>
public sealed class ExperimentContext
{
    private readonly List<string> _data = [];
    private readonly List<string> _substitutes = [];
    private SittingClock? _clock;

    /// <summary>How much the experiment computes.</summary>
    public required ExperimentScale Scale { get; init; }

    /// <summary>The seeds, one after the other.</summary>
    public required ImmutableArray<int> Seeds { get; init; }

    /// <summary>The folder that is searched first for named data sets.</summary>
    public string? DataRoot { get; init; }

    /// <summary>Numbers given in place of an experiment's own, by the names of its options.</summary>
    public ImmutableSortedDictionary<string, double> Given { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>Where tensors are computed.</summary>
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>What trainings are computed in, where the experiment takes another precision than float32.</summary>
    public Precision Precision { get; init; }

    /// <summary>Where trainings leave their state, from which another run of the same experiment goes on; null for nowhere.</summary>
    public string? CheckpointFolder { get; init; }

    /// <summary>How many replicas run side by side; and threads of libtorch's, where an experiment computes one thing at a time.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Cancelled when the user interrupts; the experiment checks it many times a second.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Receives the experiment's progress.</summary>
    public IExperimentProgress? Progress { get; init; }

    /// <summary>A line on each data set that was opened here.</summary>
    public IReadOnlyList<string> OpenedData => _data;

    /// <summary>A line on each data set that was not found, and what stood in for it.</summary>
    public IReadOnlyList<string> Substitutes => _substitutes;

    /// <summary>How long the experiment has taken; it runs from when it is first asked.</summary>
    internal SittingClock Clock => _clock ??= new SittingClock(CheckpointFolder);

    /// <summary>The value of an option: what was given, or its own.</summary>
    public double Value(ExperimentOption option) => Given.GetValueOrDefault(option.Name, option.Default);

    /// <summary>Opens data that the experiment requires.</summary>
    /// <param name="specification">As <c>cifar10:train</c>.</param>
    /// <param name="normalization">How inputs are normalized; as is usual for the set when null.</param>
    /// <exception cref="OccamException">They are not there, or damaged.</exception>
    public DataSet Open(string specification, NormalizationChoice? normalization = null)
    {
        var data = DataSource.Open(specification, OptionsFor(normalization));
        _data.Add(data.Description);
        return data;
    }

    /// <summary>
    /// Opens data where they are there, and others, which need no files, where they are not; the page then begins with that.
    /// </summary>
    /// <exception cref="OccamException">They are there, but damaged.</exception>
    public DataSet OpenOr(string specification, string substitute, NormalizationChoice? normalization = null)
    {
        if (DataSource.IsThere(specification, OptionsFor(normalization)))
        {
            return Open(specification, normalization);
        }

        _substitutes.Add($"{specification} was not found here; {substitute}, which Occam draws itself, stands in for it.");
        return Open(substitute, normalization);
    }

    /// <summary>Computes something for each item, several side by side on the cores; each is the same however many run beside it.</summary>
    /// <param name="stage">The name of the stage, which the progress display shows.</param>
    /// <param name="items">One for each replica, such as pairs of a setting and a seed.</param>
    /// <param name="run">Computes the replica of an item, with random numbers from a generator of its own alone.</param>
    /// <returns>What each returned, in the items' order.</returns>
    /// <exception cref="OperationCanceledException">The user interrupted.</exception>
    public ImmutableArray<TResult> Replicate<TItem, TResult>(string stage, IReadOnlyList<TItem> items, Func<TItem, Replica, TResult> run)
    {
        Progress?.Begin(stage);
        return Replicas.Run(
            items.Count, Threads, Cancellation, share => Progress?.Report(share), replica => run(items[replica.Index], replica));
    }

    private DataOptions OptionsFor(NormalizationChoice? normalization) =>
        new() { Root = DataRoot, Normalization = normalization ?? NormalizationChoice.Default };
}
