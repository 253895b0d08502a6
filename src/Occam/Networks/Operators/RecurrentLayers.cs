using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>h_t = f(W x_t + R h_{t−1} + b).</summary>
internal sealed class Rnn : RecurrentOperator
{
    public override string Type => "RNN";

    protected override int Gates => 1;

    protected override IReadOnlyList<string> DefaultActivations { get; } = ["Tanh"];

    protected override Tensor[] Step(RecurrentCell cell, Tensor fromInput, Tensor[] states) =>
        [cell.Activate(0, fromInput + cell.FromState(states[0], 0, 1))];

    /// <summary>
    /// With the activation's steepest slope s, |δh_t| ≤ s ‖W‖ |δx_t| + s ‖R‖ |δh_{t−1}|: over T steps at most
    /// s ‖W‖ Σ_{k&lt;T} (s ‖R‖)^k, the norm of a triangular Toeplitz matrix being at most the sum of its entries.
    /// </summary>
    protected override double? Bound(LipschitzCall call)
    {
        if (call.InputBounds.AsSpan(1).ContainsAnyExcept(0))
        {
            return null;
        }

        var node = call.Call.Node;
        var directions = Directions(node).Length;
        var functions = GateFunction.Read(node, DefaultActivations, directions);
        var steps = call.Call[0].Shape[node.Attributes.Int("layout", 0) != 0 ? 1 : 0];
        var squares = 0.0;
        for (var d = 0; d < directions; d++)
        {
            var slope = functions[d].Steepest;
            var ratio = slope * SpectralNorm.Largest(call.Call[2].Select(0, d));
            var sum = 0.0;
            for (var k = 0L; k < steps && double.IsFinite(sum); k++)
            {
                sum = 1 + (ratio * sum);
            }

            squares += Math.Pow(slope * SpectralNorm.Largest(call.Call[1].Select(0, d)) * sum, 2);
        }

        return double.IsFinite(squares) ? call.InputBounds[0] * Math.Sqrt(squares) : null;
    }
}

/// <summary>
/// The gated recurrent unit. With the update gate z and the reset gate r, h_t = (1 − z) ∘ g(W x + R (r ∘ h) + b) + z ∘ h, or with
/// r after the product, as <c>linear_before_reset</c> says.
/// </summary>
internal sealed class Gru : RecurrentOperator
{
    public override string Type => "GRU";

    protected override int Gates => 3;

    protected override IReadOnlyList<string> DefaultActivations { get; } = ["Sigmoid", "Tanh"];

    protected override Tensor[] Step(RecurrentCell cell, Tensor fromInput, Tensor[] states)
    {
        var h = states[0];
        var both = fromInput.Narrow(-1, 0, 2 * cell.Units) + cell.FromState(h, 0, 2);
        var (update, reset) = (cell.Activate(0, cell.Part(both, 0)), cell.Activate(0, cell.Part(both, 1)));
        var fromState = cell.Attributes.Int("linear_before_reset", 0) != 0
            ? reset * cell.FromState(h, 2, 1)
            : cell.FromState(reset * h, 2, 1);
        var candidate = cell.Activate(1, cell.Part(fromInput, 2) + fromState);
        return [candidate + (update * (h - candidate))];
    }
}

/// <summary>
/// Long short-term memory. With the gates i, o and f, which may look at the cell through peepholes: c_t = f ∘ c + i ∘ g(W x + R h
/// + b), h_t = o ∘ h(c_t). The weights' blocks are i, o, f, c. With <c>input_forget</c>, f = 1 − i.
/// </summary>
internal sealed class Lstm : RecurrentOperator
{
    public override string Type => "LSTM";

    protected override int Gates => 4;

    protected override int States => 2;

    protected override IReadOnlyList<string> DefaultActivations { get; } = ["Sigmoid", "Tanh", "Tanh"];

    protected override Tensor[] Step(RecurrentCell cell, Tensor fromInput, Tensor[] states)
    {
        var memory = states[1];
        var gates = fromInput + cell.FromState(states[0], 0, 4);
        Tensor Gate(int gate, Tensor seen)
        {
            var part = cell.Part(gates, gate);
            return cell.Activate(0, cell.Peepholes is { } weights ? part + (weights.Select(0, gate) * seen) : part);
        }

        var input = Gate(0, memory);
        var forget = cell.Attributes.Int("input_forget", 0) != 0 ? (-input) + 1 : Gate(2, memory);
        var next = (forget * memory) + (input * cell.Activate(1, cell.Part(gates, 3)));
        return [Gate(1, next) * cell.ActivateUnlimited(2, next), next];
    }
}
