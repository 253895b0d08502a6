using Occam.Derivatives;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Measures;

/// <summary>Some examples, with the function at their values of the network's other inputs.</summary>
public sealed class ExampleBatch
{
    private readonly MeasureContext _context;
    private readonly IReadOnlyDictionary<string, Tensor> _held;

    internal ExampleBatch(
        MeasureContext context, int[] indices, Tensor inputs, IReadOnlyDictionary<string, Tensor> held, Action<double> progress)
    {
        _context = context;
        _held = held;
        Inputs = inputs;
        Indices = indices;
        Progress = progress;
    }

    /// <summary>What the function is of: rows × one example.</summary>
    public Tensor Inputs { get; }

    /// <summary>The first one's number.</summary>
    public int Start => Indices[0];

    /// <summary>Their numbers.</summary>
    public int[] Indices { get; }

    /// <summary>How many they are.</summary>
    public int Count => (int)Inputs.Size(0);

    /// <summary>Receives the share of the work on this batch that is done, and stops it where the user interrupts.</summary>
    public Action<double> Progress { get; }

    /// <summary>The logits as a function of <see cref="Inputs"/>: of as many rows, each with its own values of the other inputs.</summary>
    public IFunction Function => field ??= _held.Count == 0 ? _context.Function : _context.Subject.At(Network!);

    /// <summary>The graph, batch normalization folded, at these examples' values of the other inputs; null for a black box.</summary>
    public Network? Network => field ??= Holding(_context.Subject.Folded);

    /// <summary>The Jacobian of the logits by <see cref="Inputs"/>.</summary>
    public InputJacobian Jacobian => field ??= _held.Count == 0 ? _context.Jacobian : _context.Jacobian.Of(Network!);

    /// <summary>The inputs and the first one's number.</summary>
    public void Deconstruct(out Tensor inputs, out int start) => (inputs, start) = (Inputs, Start);

    /// <summary>Another network of the same inputs at these examples' values of those that are held.</summary>
    internal Network? Holding(Network? network) => _held.Count == 0 || network is null ? network : network.Holding(Held);

    /// <summary>The values of the inputs that are held, by name, as the network takes them.</summary>
    internal IReadOnlyDictionary<string, Tensor> Held => field ??= _held.ToDictionary(
        pair => pair.Key,
        pair => _context.InPlace(pair.Key, pair.Value));

    /// <summary>Consecutive ones among them.</summary>
    internal ExampleBatch Part(int start, int count) => start == 0 && count == Count ? this : new(
        _context,
        Indices[start..(start + count)],
        Inputs.Narrow(0, start, count),
        _held.ToDictionary(
            pair => pair.Key, pair => _context.BatchAxis(pair.Key) is null ? pair.Value : pair.Value.Narrow(0, start, count)),
        Progress);

    /// <summary>The function at other inputs, as many, with the same values of those that are held.</summary>
    internal ExampleBatch WithInputs(Tensor inputs) => new(_context, Indices, inputs, _held, Progress);
}
