using System.Collections.Immutable;
using Occam.Derivatives;
using Occam.Networks;
using Occam.Networks.Inspection;
using Occam.Networks.Loading;
using Occam.Networks.Rewrites;
using Occam.Networks.Rewrites.Patterns;
using Occam.Torch;

namespace Occam.Measures;

/// <summary>What is measured: a function, and the graph behind it where there is one. Several threads may share it.</summary>
public sealed class Subject
{
    private readonly Lazy<Network?> _network;
    private readonly Lazy<Folding?> _folding;
    private readonly Lazy<Network?> _folded;
    private readonly IFunction? _blackBox;

    /// <summary>A network whose graph is known.</summary>
    /// <param name="network">The logit network, in the precision of its file.</param>
    /// <param name="finalActivation">The activation that followed the logits, if it is known.</param>
    /// <param name="type">The precision to measure in; the network's own by default. Folding is done in the wider of both.</param>
    /// <param name="device">Where to measure; where the network is by default.</param>
    public Subject(Network network, FinalActivation finalActivation = FinalActivation.None, ScalarType? type = null, Device? device = null)
    {
        Type = type ?? network.Type;
        var target = device ?? network.Device;
        Original = network;
        Device = target;
        FinalActivation = finalActivation;
        var recomposed = new Lazy<Network>(() => Recomposed(network));
        _network = new Lazy<Network?>(() => recomposed.Value.To(Type, target));

        // In the wider of both precisions, that folded weights lose nothing that the measure could see.
        _folding = new Lazy<Folding?>(() =>
        {
            var folding = FoldBatchNorm.Apply(
                Type == ScalarType.Float64 ? recomposed.Value.To(Type, network.Device) : recomposed.Value);

            // Laid out at once where it is what is measured, so that no second copy of the weights is kept.
            return folding.Network.Type == Type && target.Equals(network.Device)
                ? folding with { Network = folding.Network.LaidOutForGradients() }
                : folding;
        });
        _folded = new Lazy<Network?>(() => _folding.Value!.Network.To(Type, target).LaidOutForGradients());
    }

    // Parameters as the layers take them; what an export took apart, put together again.
    private static Network Recomposed(Network network) => Recompose.Apply(StoredLayouts.Apply(network)).Network;

    /// <summary>What a file held, in the precision and on the device to measure on.</summary>
    public static Subject Of(LoadedNetwork loaded, ScalarType? type = null, Device? device = null) =>
        loaded.Network is { } network
            ? new Subject(network, loaded.FinalActivation, type, device)
            {
                FixedBatch = loaded.FixedBatch,
                Before = loaded.Before?.To(type ?? network.Type, device ?? network.Device),
                Whole = loaded.Whole,
                Position = loaded.Position,
                Fixed = loaded.Fixed,
            }
            : new Subject(
                ((ScriptFunction)loaded.Function).To(type ?? loaded.Function.Type, device ?? loaded.Function.Device),
                loaded.FinalActivation);

    /// <summary>A black box.</summary>
    public Subject(IFunction function, FinalActivation finalActivation = FinalActivation.None)
    {
        _blackBox = function;
        Type = function.Type;
        FinalActivation = finalActivation;
        Device = function.Device;
        _network = new Lazy<Network?>(() => null);
        _folding = new Lazy<Folding?>(() => null);
        _folded = new Lazy<Network?>(() => null);
    }

    /// <summary>Weights without the network that they belong to.</summary>
    internal static Subject Of(WeightLayers weights, WeightLayers? initial) => new(new UnknownFunction())
    {
        Weights = weights,
        InitialWeights = initial,
    };

    /// <summary>The matrices, where there is nothing but weights.</summary>
    internal WeightLayers? Weights { get; private init; }

    /// <summary>Those at initialization.</summary>
    internal WeightLayers? InitialWeights { get; private init; }

    /// <summary>The graph as it was read, in its file's precision; null for a black box.</summary>
    public Network? Original { get; }

    /// <summary>
    /// The graph in the precision it is measured in, what an export took apart put together again; null for a black box.
    /// </summary>
    public Network? Network => _network.Value;

    /// <summary>The graph with batch normalization folded into the weights: the same function.</summary>
    public Network? Folded => _folded.Value;

    /// <summary>The network at initialization, batch normalization folded; null where it isn't known.</summary>
    public Network? Initial { get; init; }

    /// <summary>The same, with the network as it was before training.</summary>
    /// <exception cref="OccamException">What is measured is a black box.</exception>
    public Subject WithInitial(Network initial) => Original is null
        ? throw new OccamException("weights at initialization need the network's graph, and TorchScript is a black box: export to ONNX")
        : new Subject(Original, FinalActivation, Type, Device)
        {
            FixedBatch = FixedBatch,
            Before = Before,
            Whole = Whole,
            Position = Position,
            Fixed = Fixed,
            Frozen = Frozen,
            Initial = FoldBatchNorm.Apply(Recomposed(initial).To(Type, Device)).Network,
        };

    /// <summary>
    /// Where the function is of a value inside the model (a word embedding): the network that computes it from the model's inputs,
    /// in the precision and on the device to measure on.
    /// </summary>
    public Network? Before { get; private init; }

    /// <summary>The network from the model's inputs on, in its file's precision; null where that is <see cref="Original"/>.</summary>
    public Network? Whole { get; private init; }

    /// <summary>The position of the output that was chosen, if one was.</summary>
    public PositionChoice? Position { get; private init; }

    /// <summary>Inputs that are held at one number for all examples, by name.</summary>
    public ImmutableDictionary<string, double> Fixed { get; private init; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>The model's inputs that each example gives.</summary>
    public ImmutableArray<ValueInfo> Inputs => (Whole ?? Original)?.Graph is { } graph ? [graph.Input, .. graph.Held] : [];

    /// <summary>
    /// The same model as a function of its own inputs and so of all its parameters, those before an inner value among them.
    /// </summary>
    internal Subject FromModelInputs() => Whole is null ? this
        : new Subject(Whole, FinalActivation, Type, Device)
        {
            FixedBatch = FixedBatch,
            MostTogether = MostTogether,
            Frozen = Frozen,
            Position = Position,
            Fixed = Fixed,
        };

    /// <summary>The function of the same inputs that is an inner value of the folded graph.</summary>
    internal Subject Inner(string value) => new(Folded!.WithOutput(value), type: Type, device: Device) { FixedBatch = FixedBatch };

    /// <summary>Names of parameters that didn't train: a gradient of the loss by the parameters is taken without them.</summary>
    public IReadOnlyCollection<string> Frozen { get; init; } = [];

    /// <summary>
    /// The function of the parameters that aren't frozen, as it was given (batch normalization not folded); null when it has none.
    /// </summary>
    internal ParameterizedFunction? OfParameters() =>
        Network is { } network ? ParameterizedFunction.Of(network, Frozen, FixedBatch)
        : Function is ScriptFunction script ? ParameterizedFunction.Of(script)
        : null;

    /// <summary>How many numbers the parameters may hold by which a gradient is taken at once: sums of it are in float64.</summary>
    internal long MostTogether { get; init; } = 1L << 23;

    /// <summary>The same by some of the parameters at a time, where there are very many: none without parameters.</summary>
    /// <param name="without">Parameters that are left out.</param>
    internal ImmutableArray<ParameterizedFunction> OfParameterParts(IEnumerable<LargeMatrix>? without = null) =>
        Network is { } network ? ParameterizedFunction.InParts(
            network, [.. Frozen, .. (without ?? []).Select(matrix => matrix.Name)], FixedBatch,
            network.IsLarge ? MostTogether / 2 : MostTogether)
        : OfParameters() is { } script ? [script]
        : [];

    /// <summary>
    /// The parameters that are matrices of more than twice <see cref="MostTogether"/> numbers, by which a gradient can be taken some rows
    /// at a time.
    /// </summary>
    internal ImmutableArray<LargeMatrix> LargeMatrices() => Network is { } network && FixedBatch is null
        ? [.. network.Parameters.Where(parameter => parameter.Value.Elements > 2 * MostTogether && !Frozen.Contains(parameter.Name))
            .Select(parameter => LargeMatrix.Of(network, parameter)).OfType<LargeMatrix>()]
        : [];

    /// <summary>What folding did and what it left alone.</summary>
    public Folding? Folding => _folding.Value;

    /// <summary>The logits as a function, in the cheapest form: folded where there is a graph.</summary>
    public IFunction Function => _blackBox ?? At(Folded!);

    /// <summary>A network run on as many examples as it takes: the function that it is on any number of them.</summary>
    internal IFunction At(Network network) =>
        FixedBatch is { } batch && network.Graph.Held.IsEmpty ? new BatchedFunction(network, batch) : network;

    /// <summary>The number of examples that the graph takes at a time, where it takes no other.</summary>
    public long? FixedBatch { get; private init; }

    /// <summary>The activation that followed the logits, if it is known.</summary>
    public FinalActivation FinalActivation { get; }

    /// <summary>The type that it computes in.</summary>
    public ScalarType Type { get; }

    /// <summary>The device that it computes on.</summary>
    public Device Device { get; }
}
