using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Measures.Certificates;

/// <summary>What a search by branch and bound found of a network's exact Lipschitz constant.</summary>
/// <param name="Units">How many piecewise-linear units the network has; null where it can't be searched.</param>
/// <param name="Why">Why not, or what of it was not searched.</param>
internal sealed record PieceBounds(int? Units, string Why)
{
    /// <summary>The most units of a network that is searched.</summary>
    public const int MostUnits = 256;

    /// <summary>The largest σ_max met, at a point inside a region.</summary>
    public double Lower { get; private init; }

    /// <summary>What no region's σ_max is above.</summary>
    public double Upper { get; private init; } = double.PositiveInfinity;

    /// <summary>Whether both are the same to rounding.</summary>
    public bool IsDone { get; private init; }

    /// <summary>How many subproblems were bounded.</summary>
    public int Subproblems { get; private init; }

    /// <summary>How many regions were met, all of whose units are chosen.</summary>
    public int Regions { get; private init; }

    /// <summary>The point where <see cref="Lower"/> was met; null before the first.</summary>
    public ImmutableArray<double>? Steepest { get; private init; }

    /// <summary>
    /// Searches the network of what the context measures, in float64; once for the same limits, whichever measure asks.
    /// </summary>
    /// <param name="context">What is measured, by functions of one input.</param>
    /// <param name="subproblems">The most subproblems, for so many units.</param>
    /// <param name="seconds">The most time.</param>
    public static PieceBounds Of(MeasureContext context, Func<int, int> subproblems, double seconds = double.PositiveInfinity)
    {
        using var scope = Libtorch.NewDisposeScope();
        PieceSearch Prepared() => new(
            new Subject(context.Subject.Original!, type: ScalarType.Float64, device: Device.Cpu).Folded!, context.ExampleShape,
            context.Outputs, context.Options.RandomSeed, context.Options.Cancellation);
        var counted = context.Shared(default(UnitsKey), () => Counted(Prepared()));
        if (counted.Units is not { } units || units > MostUnits)
        {
            return counted;
        }

        return context.Shared(new SearchKey(subproblems(units), seconds), () =>
        {
            var search = Prepared();
            search.Run(subproblems(units), double.IsInfinity(seconds) ? TimeSpan.MaxValue : TimeSpan.FromSeconds(seconds));
            var found = counted with
            {
                Lower = search.Lower,
                Upper = search.Upper,
                IsDone = search.IsDone,
                Subproblems = search.Subproblems,
                Regions = search.Regions,
                Steepest = search.Steepest is { } point ? [.. point] : null,
            };
            Made(context).Add(found);
            return found;
        });
    }

    /// <summary>The searches made so far of what the context measures.</summary>
    public static List<PieceBounds> Made(MeasureContext context) => context.Shared(() => new List<PieceBounds>());

    private static PieceBounds Counted(PieceSearch search)
    {
        var (units, why) = search.Units();
        return new PieceBounds(units, units > MostUnits
            ? $"is searched for in networks of at most {MostUnits} piecewise-linear units, and this one has {units}"
            : why);
    }

    private readonly record struct UnitsKey;

    private readonly record struct SearchKey(int Subproblems, double Seconds);
}
