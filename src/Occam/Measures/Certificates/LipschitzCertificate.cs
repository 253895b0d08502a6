using System.Collections.Immutable;
using Occam.Measures.Slope;
using Occam.Measures.Weights;

namespace Occam.Measures.Certificates;

/// <summary>
/// The logits' global Lipschitz constant in ℓ2 from both sides: the largest local constant that was found, and the least upper bound of
/// several methods. The value is the upper bound.
/// <para>
/// Below: σ_max(J) over the data and uphill from there, as in <c>lipschitz-lower</c>, taken once more in float64 beside the point, so that
/// neither rounding nor a kink makes it too large; and the largest that branch and bound met inside a linear region, if it is larger.
/// Above: the norms composed along the graph (<c>lipschitz-upper</c>) and, where the network is a chain of affine layers and functions of
/// single numbers with slopes between α and β (<c>Operator.GlobalSlopes</c>), the product of the norms of its layers, those that follow one
/// another multiplied out; one multiplier a layer in closed form (Xu and Sivaranjani 2024, "ECLipsE-Fast"); and LipSDP with one multiplier
/// a layer and one a unit (Fazlyab et al. 2019, Theorem 2), the semidefinite program solved by a barrier method. Batch normalization is
/// folded.
/// </para>
/// <para>
/// Branch and bound is that of <c>lipschitz-exact</c> where it is among the measures asked for, before or after; otherwise, of a
/// piecewise-linear network of at most 32 units, for 1,000 subproblems, and of at most 256 for 3,200 over the number of units. Where
/// it comes to its end, its bound from above counts as well.
/// </para>
/// <para>
/// A bound by multipliers is proven, whatever the solver ends with: its multipliers T ⪰ 0 and ρ make the matrix M(ρ, T) of the program
/// positive semidefinite, which a Cholesky factorization in float64 shows that runs to its end although all that rounding may
/// change is taken from M's diagonal first (Rump 2006). The bound is √ρ. Matrices of layers that aren't stored as such are
/// what the layers make of unit vectors in float64; then 10⁻⁹ of the bound is added.
/// </para>
/// </summary>
/// <param name="MostNeurons">The most hidden units of LipSDP as a whole; above it, it is of parts, whose bounds multiply.</param>
public sealed record LipschitzCertificate(int MostNeurons = 1000) : Measure(
    "lipschitz-certificate", "Lipschitz constant, both sides", "Fazlyab et al. 2019, Theorem 2; Xu and Sivaranjani 2024",
    "$max_x σ_max(J(x)) ≤ L ≤ √ρ$, the largest found and the least upper bound that was proven: norms composed, ECLipsE-Fast, LipSDP",
    MeasureNeeds.Data | MeasureNeeds.Graph | MeasureNeeds.Derivative)
{
    // What matrices computed in float64 may be wrong by, and more.
    private const double ComputedMatrices = 1e-9;

    // How long the exact constant is searched for, in passing: of few units to the end, mostly, and of more for some seconds.
    private const int FewUnits = 32;
    private const int MostSubproblems = 1000;
    private const int MostWork = 3200;

    /// <summary>What is added to what a search ends with, for rounding.</summary>
    internal const double SearchRounding = 1e-9;

    // What is taken off what a search met, for rounding.
    private const double PointRounding = 1e-10;

    private const string Composed = "composed";

    // The point stands among the details where it has no more coordinates.
    private const int MostCoordinates = 16;

    /// <inheritdoc/>
    public override string Meaning => "How steep the network can be anywhere: between what was found and what is proven.";

    /// <inheritdoc/>
    public override bool HoldsInputs => true;

    /// <inheritdoc/>
    public override bool IsByExample => true;

    /// <inheritdoc/>
    public override string? Problem() => Unless(MostNeurons >= 1, $"most-neurons = {MostNeurons}", "a number of at least 1");

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        if (context.Options.Values is { IsPart: true })
        {
            return Blank with
            {
                Value = LocalLipschitz.OfLogits(context).Max(),
                Notes = ["the lower bound on these examples alone: the rest begins when all are there"],
            };
        }

        var steepest = SteepestPoint.Of(context);
        var uphill = steepest.BesideIt(context);
        var searches = Searches(context);
        var search = searches.MaxBy(each => each.Lower);
        var met = search?.Lower * (1 - PointRounding) ?? 0;
        var lower = Math.Max(uphill, met);
        var (all, notes) = Upper(context, searches, lower);

        // What can't be is never told, whatever made it.
        var bounds = all.RemoveAll(bound => bound.Value * (1 + SearchRounding) < lower);
        notes =
        [
            .. notes,
            .. all.Except(bounds).Select(
                bound => $"left out, for it is below the lower bound: {bound.Title}, {Numbers.Format(bound.Value, 6)}"),
        ];
        if (bounds.IsEmpty)
        {
            return Blank with
            {
                NotApplicable = $"has no upper bound: {string.Join("; ", notes)}",
                Details = [new("lower", lower)],
            };
        }

        var best = bounds.MinBy(bound => bound.Value)!;
        return Blank with
        {
            Quantity = (best.Residual > 0 ? Uncertain.Iterated(best.Value, best.Residual) : Uncertain.WithoutError(best.Value)) with
            {
                Side = BoundSide.Upper,
            },
            Details =
            [
                new("lower", lower),
                .. lower > 0 ? [new("gap", best.Value / lower)] : (KeyValuePair<string, double>[])[],
                .. bounds.Select(bound => new KeyValuePair<string, double>($"upper.{bound.Name}", bound.Value)),
                .. met > uphill ? PointOf(search!.Steepest) : Point(steepest),
                new("lower.onData", steepest.OnData), new("lower.uphill", uphill),
                .. search is null ? (KeyValuePair<string, double>[])[] : [new("lower.search", met)],
            ],
            Notes =
            [
                $"least upper bound: {best.Title}",
                met > uphill
                    ? $"lower bound: σ_max(J) at a point that branch and bound met (lipschitz-exact, {search!.Subproblems} subproblems)"
                        + (search.IsDone ? "" : "; there may be steeper ones")
                    : $"lower bound: σ_max(J) at a point {Numbers.Format(steepest.Distance, 3)} from example "
                        + $"{steepest.Example}; there may be steeper ones",
                steepest.HowFound(context.Options.Seed),
                .. notes,
                .. context.CutWays,
            ],
        };
    }

    /// <summary>The upper bounds that were proven, computed once a run: of norms composed, of chains, and of a search that ended.</summary>
    internal ImmutableArray<ChainBound> UpperBounds(MeasureContext context) => [.. Proven(context).Bounds, .. Exact(Searches(context), 0)];

    private (ImmutableArray<ChainBound> Bounds, ImmutableArray<string> Notes) Upper(
        MeasureContext context, ImmutableArray<PieceBounds> searches, double lower)
    {
        var (bounds, notes) = Proven(context);
        var composed = bounds.TakeWhile(bound => bound.Name == Composed).ToArray();
        return ([.. composed, .. Exact(searches, lower), .. bounds.Skip(composed.Length)], notes);
    }

    private static IEnumerable<ChainBound> Exact(ImmutableArray<PieceBounds> searches, double lower)
    {
        if (searches.FirstOrDefault(each => each.IsDone) is { } done && done.Upper * (1 + SearchRounding) is var exact && exact >= lower)
        {
            yield return new ChainBound(
                "exact", "all linear regions by branch and bound (lipschitz-exact), as far as a ball of radius 1e-7 fits into them",
                exact);
        }
    }

    private (ImmutableArray<ChainBound> Bounds, ImmutableArray<string> Notes) Proven(MeasureContext context) =>
        context.Shared(new ProvenBounds(MostNeurons), () => Prove(context));

    private (ImmutableArray<ChainBound> Bounds, ImmutableArray<string> Notes) Prove(MeasureContext context)
    {
        List<ChainBound> bounds = [];
        List<string> notes = [];
        var composed = LipschitzBound.Of(context);
        if (composed.Unbounded is { } node)
        {
            notes.Add($"no finite bound passes through {node}: {composed.Why}");
        }
        else
        {
            bounds.Add(new ChainBound(
                Composed, "the layers’ norms composed along the graph (lipschitz-upper)", composed.Value, composed.Residual ?? 0));
            notes.AddRange(composed.Notes);
        }

        var (chain, why) = AffineChainReader.Read(context);
        if (chain is null)
        {
            notes.Add($"bounds of chains (ECLipsE-Fast, LipSDP) left out: {why}");
            return ([.. bounds], [.. notes]);
        }

        var found = ChainBounds.Of(chain, context.Options, MostNeurons);
        var allowance = chain.Computed > 0 ? 1 + ComputedMatrices : 1;
        bounds.AddRange(found.Found.Select(bound => bound with { Value = bound.Value * allowance }));
        notes.AddRange(found.Notes);
        if (chain.Computed > 0)
        {
            notes.Add($"{chain.Computed} of {chain.Weights.Length} matrices are what layers make of unit vectors in float64 (convolutions, "
                + $"poolings, layers that follow one another); {ComputedMatrices:0.#e+0} of their bounds is added for rounding");
        }

        return ([.. bounds], [.. notes]);
    }

    // What branch and bound finds: for as long as lipschitz-exact was asked for, or in passing.
    private static ImmutableArray<PieceBounds> Searches(MeasureContext context)
    {
        LipschitzExact usual = new();
        if (context.WhyNot(usual) is not null)
        {
            return [];
        }

        foreach (var asked in context.Planned.OfType<LipschitzExact>().Where(asked => asked.Problem() is null))
        {
            _ = asked.Search(context);
        }

        if (PieceBounds.Made(context).Count == 0)
        {
            _ = PieceBounds.Of(context, units => units <= FewUnits ? MostSubproblems : MostWork / units);
        }

        return [.. PieceBounds.Made(context)];
    }

    private static IEnumerable<KeyValuePair<string, double>> Point(SteepestPoint steepest) =>
    [
        new("lower.example", steepest.Example), new("lower.distance", steepest.Distance),
        .. PointOf(steepest.Coordinates is { } point ? [.. point] : null),
    ];

    private static IEnumerable<KeyValuePair<string, double>> PointOf(ImmutableArray<double>? point) =>
        point is { Length: <= MostCoordinates } few
            ? few.Select((coordinate, i) => new KeyValuePair<string, double>($"lower.point.{i}", coordinate))
            : [];

    private readonly record struct ProvenBounds(int MostNeurons);
}
