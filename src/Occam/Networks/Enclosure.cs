using Occam.Torch;

namespace Occam.Networks;

/// <summary>
/// What is known of a value of a network for all inputs x in a ball around an example c. In float64, in the value's shape for one example;
/// columns stand in a dimension before it.
/// <para>
/// The value is m + Σ_g ε_g s_g + ρ. The first ε are the coordinates of (x − c)/r; each further one is a number of [−1, 1] that differs
/// from x to x in an unknown way: what is left of a bent function beside a straight line. |ρ| is at most a rest. Beside it, the value lies
/// in an interval.
/// </para>
/// <para>
/// Its derivative by x is J + Σ_a G_a Δ_a T_a + E: J at the middles of all slopes, G_a how errors of the slopes at one node come to the
/// value, Δ_a diagonal with numbers of [−1, 1], and T_a of which bounds are known (<see cref="EnclosureSpace"/>). The sum of a row of |E|
/// is at most a rest.
/// </para>
/// </summary>
internal sealed record Enclosure
{
    /// <summary>m.</summary>
    public required Tensor Middle { get; init; }

    /// <summary>The columns s_g.</summary>
    public required Tensor Shifts { get; init; }

    /// <summary>What |ρ| is at most.</summary>
    public required Tensor Rest { get; init; }

    /// <summary>What the value isn't below.</summary>
    public required Tensor Low { get; init; }

    /// <summary>What it isn't above.</summary>
    public required Tensor High { get; init; }

    /// <summary>The columns of J, one for each number of x, and of the G_a; none where no derivative is asked for.</summary>
    public required Tensor Slopes { get; init; }

    /// <summary>What the sum of a row of |E| is at most.</summary>
    public required Tensor SlopeRest { get; init; }

    /// <summary>The value's shape for one example.</summary>
    public long[] Shape => Middle.Shape;

    /// <summary>The middle of the interval.</summary>
    public Tensor Centre => (Low + High) * 0.5;

    /// <summary>Half of its length.</summary>
    public Tensor Radius => (High - Low) * 0.5;

    /// <summary>How far the value can be from m.</summary>
    public Tensor Reach => (High - Middle).Maximum(Middle - Low);

    /// <summary>All its tensors.</summary>
    public Tensor[] Tensors => [Middle, Shifts, Rest, Low, High, Slopes, SlopeRest];

    /// <summary>Whether all is finite.</summary>
    public bool IsFinite => Tensors.All(tensor => tensor.Elements == 0 || double.IsFinite(tensor.Abs().Sum().Item()));

    /// <summary>Each tensor changed: the first function takes those in the value's shape, the second columns.</summary>
    public Enclosure Changed(Func<Tensor, Tensor> one, Func<Tensor, Tensor> columns) => new()
    {
        Middle = one(Middle),
        Shifts = columns(Shifts),
        Rest = one(Rest),
        Low = one(Low),
        High = one(High),
        Slopes = columns(Slopes),
        SlopeRest = one(SlopeRest),
    };

    /// <summary>The same with tensors that outlive the innermost scope.</summary>
    public Enclosure Kept() => Changed(Keep, Keep);

    private static Tensor Keep(Tensor tensor) => tensor.MoveToOuterDisposeScope();
}
