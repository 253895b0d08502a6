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

    protected override IEnumerable<StepBound>? StepBounds(RecurrentNorms norms, int steps)
    {
        var slope = norms.Functions[0].Steepest;
        return double.IsFinite(slope)
            ? Enumerable.Repeat(new StepBound([slope * norms.Weights(0)], [[slope * norms.Recurrent(0)]]), steps)
            : null;
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

    /// <summary>
    /// With g the bound of the candidates ĥ and m that of the states, |δh_t| ≤ (|δĥ|² + |δh|²)^½ + (m + g) |δz|, for h_t is a mean of
    /// the two in shares z.
    /// </summary>
    protected override IEnumerable<StepBound>? StepBounds(RecurrentNorms norms, int steps)
    {
        var (gate, candidate) = (norms.Functions[0], norms.Functions[1]);
        if (!gate.IsShare || !double.IsFinite(candidate.Largest))
        {
            return null;
        }

        var most = Math.Max(candidate.Largest, norms.InitialState(0));
        var seen = norms.Attributes.Int("linear_before_reset", 0) != 0 ? norms.LargestFromState(2, most) : norms.Recurrent(2) * most;
        var input = candidate.Steepest * (norms.Weights(2) + (seen * gate.Steepest * norms.Weights(1)));
        var state = candidate.Steepest * (norms.Recurrent(2) + (seen * gate.Steepest * norms.Recurrent(1)));
        var update = (most + candidate.Largest) * gate.Steepest;
        var fromState = Math.Sqrt((state * state) + 1) + (update * norms.Recurrent(0));
        return Enumerable.Repeat(new StepBound([input + (update * norms.Weights(0))], [[fromState]]), steps);
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

    /// <summary>
    /// The cell grows by the candidates' bound g at most in a step, to C_t. |δc_t| ≤ |δc| + C |δf| + |δg| + g |δi| and
    /// |δh_t| ≤ s |δc_t| + H |δo|, with the slope s and the bound H of the last activation.
    /// </summary>
    protected override IEnumerable<StepBound>? StepBounds(RecurrentNorms norms, int steps)
    {
        var (gate, candidate, last) = (norms.Functions[0], norms.Functions[1], norms.Functions[2]);
        return gate.IsShare && double.IsFinite(candidate.Largest) && double.IsFinite(last.Largest) && double.IsFinite(last.Steepest)
            ? Bounds()
            : null;

        IEnumerable<StepBound> Bounds()
        {
            var isCoupled = norms.Attributes.Int("input_forget", 0) != 0;
            var most = norms.InitialState(1);

            // Of a gate, by the input, the state and the cell.
            double[] Gate(int index, int peephole) =>
                [gate.Steepest * norms.Weights(index), gate.Steepest * norms.Recurrent(index), gate.Steepest * norms.Peephole(peephole)];
            var (input, output, forget) = (Gate(0, 0), Gate(1, 1), Gate(2, 2));
            for (var t = 0; t < steps; t++)
            {
                double Cell(int from) => ((candidate.Largest + (isCoupled ? most : 0)) * input[from])
                    + (isCoupled ? 0 : most * forget[from])
                    + (from == 2 ? 1 : candidate.Steepest * (from == 0 ? norms.Weights(3) : norms.Recurrent(3)));
                double State(int from) => (last.Steepest * Cell(from))
                    + (last.Largest * ((from == 2 ? 0 : output[from]) + (output[2] * Cell(from))));
                yield return new StepBound([State(0), Cell(0)], [[State(1), State(2)], [Cell(1), Cell(2)]]);
                most = isCoupled ? Math.Max(most, candidate.Largest) : most + candidate.Largest;
            }
        }
    }
}
