using System.Collections.Immutable;
using System.Globalization;
using Occam.Measures.Slope;
using Occam.Measures.Weights;
using Occam.Torch;

namespace Occam.Measures.Certificates;

/// <summary>
/// The logits' global Lipschitz constant in ℓ2 from both sides: the largest local constant that was found, and the least upper bound of
/// several methods. The value is the upper bound.
/// <para>
/// Below: σ_max(J) over the data and uphill from there, as in <c>lipschitz-lower</c>, taken once more in float64 beside the point, so that
/// neither rounding nor a kink makes it too large. Above: the norms composed along the graph (<c>lipschitz-upper</c>) and, where the
/// network is a chain of affine layers and functions of single numbers with slopes between α and β (<c>Operator.GlobalSlopes</c>), the
/// product of the norms of its layers, those that follow one another multiplied out; one multiplier a layer in closed form (Xu and
/// Sivaranjani 2024, "ECLipsE-Fast"); and LipSDP with one multiplier a layer and one a unit (Fazlyab et al. 2019, Theorem 2), the
/// semidefinite program solved by a barrier method. Batch normalization is folded.
/// </para>
/// <para>
/// Of a piecewise-linear network of at most 32 units <c>lipschitz-exact</c> is asked, too, for 1,000 subproblems.
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

    // Networks that are searched for the exact constant, in passing.
    private const int MostSearchedUnits = 32;
    private const int MostSubproblems = 1000;
    private const double SearchRounding = 1e-9;

    // The point stands among the details where it has no more coordinates.
    private const int MostCoordinates = 16;

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
        var lower = steepest.BesideIt(context);
        var (bounds, notes) = Upper(context, lower);
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
                .. Point(steepest),
            ],
            Notes =
            [
                $"least upper bound: {best.Title}",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"lower bound: σ_max(J) at a point {steepest.Distance:G3} from example {steepest.Example}; there may be steeper ones"),
                steepest.HowFound(context.Options.Seed),
                .. notes,
                .. context.CutWays,
            ],
        };
    }

    private (ImmutableArray<ChainBound> Bounds, ImmutableArray<string> Notes) Upper(MeasureContext context, double lower)
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
                "composed", "the layers’ norms composed along the graph (lipschitz-upper)", composed.Value, composed.Residual ?? 0));
            notes.AddRange(composed.Notes);
        }

        if (Searched(context) is { } exact && exact.Value >= lower)
        {
            bounds.Add(exact);
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

    // What lipschitz-exact finds of a very small piecewise-linear network, where its search ends soon.
    private static ChainBound? Searched(MeasureContext context)
    {
        if (context.HoldsInputs || context.Subject.FixedBatch is not null || context.FirstCurvedNode() is not null)
        {
            return null;
        }

        using var scope = Libtorch.NewDisposeScope();
        var wide = new Subject(context.Subject.Original!, type: ScalarType.Float64, device: Device.Cpu);
        PieceSearch search = new(
            wide.Folded!, context.ExampleShape, context.Outputs, context.Options.RandomSeed, context.Options.Cancellation);
        if (search.Units().Units is not { } units || units > MostSearchedUnits)
        {
            return null;
        }

        search.Run(MostSubproblems, TimeSpan.MaxValue);
        return search.IsDone
            ? new ChainBound(
                "exact", "all linear regions by branch and bound (lipschitz-exact), as far as a ball of radius 1e-7 fits into them",
                search.Upper * (1 + SearchRounding))
            : null;
    }

    private static IEnumerable<KeyValuePair<string, double>> Point(SteepestPoint steepest)
    {
        yield return new("lower.onData", steepest.OnData);
        yield return new("lower.example", steepest.Example);
        yield return new("lower.distance", steepest.Distance);
        if (steepest.Coordinates is { Length: <= MostCoordinates } point)
        {
            for (var i = 0; i < point.Length; i++)
            {
                yield return new($"lower.point.{i}", point[i]);
            }
        }
    }
}
