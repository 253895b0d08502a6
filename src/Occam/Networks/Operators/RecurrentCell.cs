using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>One direction of a recurrent layer: its weights, the activations of its gates, and how it limits their inputs.</summary>
internal sealed class RecurrentCell
{
    private readonly Tensor _weights;
    private readonly Tensor _recurrent;
    private readonly Tensor? _inputBias;
    private readonly GateFunction[] _functions;
    private readonly double? _limit;

    /// <summary>Takes a direction's part of a node's inputs.</summary>
    /// <param name="call">The node: inputs 1 to 3 hold the weights and biases.</param>
    /// <param name="direction">The direction's index.</param>
    /// <param name="gates">How many blocks of rows the weights have.</param>
    /// <param name="functions">The activations.</param>
    public RecurrentCell(in NodeCall call, int direction, int gates, GateFunction[] functions)
    {
        _weights = call[1].Select(0, direction);
        _recurrent = call[2].Select(0, direction);
        _functions = functions;
        _limit = call.Attributes.Has("clip") ? call.Attributes.Float("clip", 0) : null;
        Attributes = call.Attributes;
        Units = _recurrent.Shape[1];
        if (call.Optional(3)?.Select(0, direction).Reshape(2, gates * Units) is { } biases)
        {
            (_inputBias, RecurrentBias) = (biases.Select(0, 0), biases.Select(0, 1));
        }

        Peepholes = call.Optional(7)?.Select(0, direction).Reshape(3, Units);
    }

    /// <summary>The node's attributes.</summary>
    public Attributes Attributes { get; }

    /// <summary>The size of the state.</summary>
    public long Units { get; }

    /// <summary>The biases beside the state's weights, gates · units.</summary>
    public Tensor? RecurrentBias { get; }

    /// <summary>The weights from the cell to the gates (input, output, forget), 3 × units.</summary>
    public Tensor? Peepholes { get; }

    /// <summary>What the inputs give to the gates, biases added: steps × batch × gates · units.</summary>
    public Tensor FromInputs(Tensor x) => x.Linear(_weights, _inputBias);

    /// <summary>What a state gives to the gates from one to another, biases added: batch × gates · units.</summary>
    public Tensor FromState(Tensor state, int first, int count) => state.Linear(
        _recurrent.Narrow(0, first * Units, count * Units), RecurrentBias?.Narrow(0, first * Units, count * Units));

    /// <summary>A gate's part of what goes to all of them.</summary>
    public Tensor Part(Tensor gates, int gate) => gates.Narrow(-1, gate * Units, Units);

    /// <summary>The activation of that index of what inputs and states give, limited as the node asks.</summary>
    public Tensor Activate(int function, Tensor input) =>
        ActivateUnlimited(function, _limit is { } limit ? input.Clamp(-limit, limit) : input);

    /// <summary>The activation of that index. ONNX Runtime doesn't limit what comes from a cell.</summary>
    public Tensor ActivateUnlimited(int function, Tensor input) => _functions[function].Apply(input);
}
