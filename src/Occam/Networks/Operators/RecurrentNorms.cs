using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>The norms of one direction's weights, gate by gate, and what bounds its states.</summary>
internal sealed class RecurrentNorms
{
    private readonly double[] _weights;
    private readonly double[] _recurrent;
    private readonly NodeCall _call;
    private readonly int _direction;
    private readonly long _units;

    /// <summary>Takes a direction of a node whose weights are constants.</summary>
    public RecurrentNorms(in NodeCall call, int direction, GateFunction[] functions)
    {
        (_call, _direction, Functions) = (call, direction, functions);
        _units = call[2].Size(-1);
        _weights = Norms(call[1]);
        _recurrent = Norms(call[2]);
    }

    /// <summary>The direction's activations.</summary>
    public GateFunction[] Functions { get; }

    /// <summary>The node's attributes.</summary>
    public Attributes Attributes => _call.Attributes;

    /// <summary>σ_max of what multiplies the input in a gate.</summary>
    public double Weights(int gate) => _weights[gate];

    /// <summary>σ_max of what multiplies the state in a gate.</summary>
    public double Recurrent(int gate) => _recurrent[gate];

    /// <summary>The largest weight from the cell to a gate; 0 without peepholes.</summary>
    public double Peephole(int gate) => _call.Optional(7) is { } weights
        ? Broadcasting.LargestMagnitude(weights.Select(0, _direction).Narrow(0, gate * _units, _units))
        : 0;

    /// <summary>The largest magnitude in the state of that index before the first step.</summary>
    public double InitialState(int state) =>
        _call.Optional(5 + state) is { Elements: > 0 } given ? Broadcasting.LargestMagnitude(given) : 0;

    /// <summary>The largest number that states of at most a magnitude, and the biases beside them, can give to a gate.</summary>
    public double LargestFromState(int gate, double most)
    {
        using var scope = Libtorch.NewDisposeScope();
        var rows = _call[2].Select(0, _direction).Narrow(0, gate * _units, _units).Abs().Sum([1]) * most;
        var gates = _weights.Length;
        return Broadcasting.LargestMagnitude(_call.Optional(3) is { } biases
            ? rows + biases.Select(0, _direction).Narrow(0, (gates + gate) * _units, _units).Abs()
            : rows);
    }

    private double[] Norms(Tensor weights)
    {
        using var scope = Libtorch.NewDisposeScope();
        var blocks = weights.Select(0, _direction).Reshape(-1, _units, weights.Size(-1));
        return SpectralNorm.Of(blocks).ToArray<double>();
    }
}
