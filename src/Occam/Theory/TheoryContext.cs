using System.Collections.Immutable;
using Occam.Data;
using Occam.Derivatives;
using Occam.Measures;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Networks.Rewrites;
using Occam.Torch;

namespace Occam.Theory;

/// <summary>
/// What a theorem is checked on: a network, in float64 and evaluation mode, data, and where there is one the record of
/// its training; and what theorems of one check share.
/// </summary>
public sealed class TheoryContext
{
    private readonly Subject _subject;

    /// <summary>Prepares a check.</summary>
    /// <param name="network">The network, which computes logits.</param>
    /// <param name="data">The training examples.</param>
    /// <param name="finalActivation">The activation that followed the logits.</param>
    /// <param name="run">The record of the training, if there is one.</param>
    /// <param name="test">Examples that the training hasn't seen, if there are any.</param>
    /// <param name="options">Batch size, seed, progress, cancellation.</param>
    /// <exception cref="OccamException">The data don't fit the network, or its parameters are not all finite.</exception>
    public TheoryContext(
        Network network,
        DataSet data,
        FinalActivation finalActivation = FinalActivation.None,
        RecordedRun? run = null,
        DataSet? test = null,
        MeasureOptions? options = null)
        : this(new Subject(network, finalActivation, ScalarType.Float64, Device.Cpu), data, run, test, options)
    {
    }

    private TheoryContext(Subject subject, DataSet data, RecordedRun? run, DataSet? test, MeasureOptions? options)
    {
        _subject = subject;
        (Data, Run, Test) = (data, run, test);
        Measures = new MeasureContext(subject, data, options);
        HasSigmoid = subject.FinalActivation == FinalActivation.Sigmoid || run?.Settings.Loss.OutputSlope(0) < 1;
    }

    /// <summary>A check of what a file held.</summary>
    /// <inheritdoc cref="TheoryContext(Network, DataSet, FinalActivation, RecordedRun, DataSet, MeasureOptions)"/>
    public static TheoryContext Of(LoadedNetwork loaded, DataSet data, DataSet? test = null, MeasureOptions? options = null) =>
        new(Subject.Of(loaded, ScalarType.Float64, Device.Cpu), data, null, test, options);

    /// <summary>The training examples.</summary>
    public DataSet Data { get; }

    /// <summary>The record of the training.</summary>
    public RecordedRun? Run { get; }

    /// <summary>Examples that the training hasn't seen.</summary>
    public DataSet? Test { get; }

    /// <summary>The measures' view of the same: float64, batches, shared quantities.</summary>
    public MeasureContext Measures { get; }

    /// <summary>The measures' view of the same network on other examples.</summary>
    internal MeasureContext MeasuresOn(DataSet data) => new(_subject, data, Measures.Options);

    /// <summary>
    /// Why a theorem about a function of the examples' own numbers can't be checked here, or null where the network is one.
    /// </summary>
    internal string? WhyNotByNumbers =>
        _subject.Before is not null ? $"is about functions of the examples' own numbers, and this one is of '{Network.Graph.Input.Name}', "
            + "which is computed from them"
        : Measures.HoldsInputs ? "is about functions of one input, and others are held beside it "
            + $"({string.Join(", ", Measures.HeldNames)})"
        : null;

    /// <summary>How theorems are checked.</summary>
    public TheoryOptions Options { get; init; } = new();

    /// <summary>
    /// The network as it was trained, in float64; batch normalization isn't folded, so that W_1 is the one that was trained.
    /// </summary>
    public Network Network => _subject.Network!;

    /// <summary>Whether f is the sigmoid of the network's output.</summary>
    internal bool HasSigmoid { get; }

    /// <summary>f and ∂f/∂z at a logit z.</summary>
    internal (double Value, double Slope) Output(double logit)
    {
        if (!HasSigmoid)
        {
            return (logit, 1);
        }

        var small = Math.Exp(-Math.Abs(logit));
        return ((logit >= 0 ? 1 : small) / (1 + small), small / ((1 + small) * (1 + small)));
    }

    /// <summary>The networks of the interval T in float64, of which the last is the one under test.</summary>
    internal ImmutableArray<Network> Snapshots =>
        Run is { Snapshots.IsEmpty: false } run
            ? [.. run.Snapshots[..^1].Select(network => StoredLayouts.Apply(network.To(ScalarType.Float64, Device.Cpu))), Network]
            : [Network];

    /// <summary>Why a theorem of these needs can't be checked here, or null when it can.</summary>
    public string? Missing(TheoremNeeds needs)
    {
        if (_subject.Network is null)
        {
            return "needs the network's graph, and TorchScript is a black box: export to ONNX";
        }

        if (_subject.FixedBatch is { } batch)
        {
            return $"needs a network that takes any number of examples, and this one was exported for {batch}";
        }

        if (needs.HasFlag(TheoremNeeds.OneOutput) && Measures.Outputs != 1)
        {
            return $"is stated for one output, and the network has {Measures.Outputs}";
        }

        if (needs.HasFlag(TheoremNeeds.PiecewiseLinear) && Network.WhyNotPiecewiseLinear() is { } why)
        {
            return $"is stated for piecewise-linear networks, and {why}";
        }

        if (needs.HasFlag(TheoremNeeds.Run) && Run is null)
        {
            return "is about a training, and there is no record of one";
        }

        return needs.HasFlag(TheoremNeeds.FirstLayer) && EntryLayer.Of(Network) is null
            ? "needs a first layer W₁x + b₁, dense or a shift, with biases that aren't shared between places, and no way around it"
            : (needs.HasFlag(TheoremNeeds.Derivative) ? DerivativePaths.Missing(Network) : null)
                ?? (needs.HasFlag(TheoremNeeds.WeightDerivative) ? DerivativePaths.MissingByWeights(Network) : null);
    }
}
