namespace Occam.Measures.Certificates;

/// <summary>
/// The logits' Lipschitz constant in ℓ2 of a small piecewise-linear network: the largest σ_max(J) over all of its linear regions,
/// by branch and bound over the pieces on which its units are (Jordan and Dimakis 2020 compute it by mixed-integer programs). Exact where
/// the search ends. Where a limit stops it, the value is the upper bound that it had, and the lower one stands beside it.
/// <para>
/// A region counts where a ball of radius 10⁻⁷ fits into it, in units of the network's input: whether one does is found by linear programs,
/// whose tolerance that is. In float64.
/// </para>
/// </summary>
/// <param name="Subproblems">The most subproblems.</param>
/// <param name="Seconds">The most time; a search that it stops may have other bounds the next time.</param>
public sealed record LipschitzExact(int Subproblems = 20_000, double Seconds = 60) : Measure(
    "lipschitz-exact", "Lipschitz constant by branch and bound", "Jordan and Dimakis 2020",
    "$max_x σ_max(J(x))$ over all linear regions of a small network", MeasureNeeds.Data | MeasureNeeds.Graph | MeasureNeeds.PiecewiseLinear)
{
    /// <inheritdoc/>
    public override string Meaning => "How steep the network is where it is steepest, over all of its linear pieces.";

    /// <inheritdoc/>
    public override string? Problem() =>
        Unless(Subproblems >= 1, $"{Subproblems} subproblems", "at least 1")
        ?? Unless(Seconds > 0, $"{Seconds} seconds", "a positive number");

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        var search = Search(context);
        if (search.Units is null || search.Units > PieceBounds.MostUnits)
        {
            return Blank with { NotApplicable = search.Why };
        }

        return Blank with
        {
            Quantity = search.IsDone ? search.Lower : Uncertain.WithoutError(search.Upper) with { Side = BoundSide.Upper },
            Details =
            [
                new("lower", search.Lower), new("upper", search.Upper), new("units", search.Units.Value),
                new("subproblems", search.Subproblems), new("regions", search.Regions),
            ],
            Notes =
            [
                search.IsDone
                    ? "exact to rounding, of all regions that hold a ball of radius 1e-7"
                    : $"not exact: stopped after {search.Subproblems} subproblems; the constant is between "
                        + $"{Numbers.Format(search.Lower, 6)} and {Numbers.Format(search.Upper, 6)}, of all regions that hold a ball "
                        + "of radius 1e-7",
            ],
        };
    }

    /// <summary>The search, made once a run.</summary>
    internal PieceBounds Search(MeasureContext context) => PieceBounds.Of(context, _ => Subproblems, Seconds);
}
