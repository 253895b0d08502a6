using Occam.Torch;

namespace Occam.Measures.Curvature;

/// <summary>
/// What a search for eigenvalues that were missed came to: the Lanczos process of the matrix deflated by the vectors found, from a start
/// drawn at random among those orthogonal to them. It ends where the largest value it sees has converged, ten times as well as those found;
/// or where, if there were an eigenvalue above the least found, the chance of seeing no more of it would be a thousandth or less. In n
/// dimensions after m steps it is at most about √n e^{−√ε (2m−1)}, ε being how far the largest value seen is below the least found, as a
/// part of the distance from there to the smallest (Kuczyński and Woźniakowski 1992, as their abstract gives it); twice that is taken, and
/// the smallest value seen less its residual.
/// </summary>
/// <param name="Missing">A vector whose value is above the least found; null where there is none.</param>
/// <param name="Passed">Whether none is missing, by one of the two ends.</param>
/// <param name="Products">The number of products computed.</param>
internal sealed record FreshStart(Tensor? Missing, bool Passed, int Products)
{
    private const double MostChance = 1e-3;

    // What seems to have converged may not have seen everything: not before so many steps, nor before its residual is so small a part
    // of the tolerance, for a mixture of two close eigenvalues has a small one for a while.
    private const int FewestSteps = 10;
    private const double PartOfTolerance = 0.1;

    /// <summary>Searches.</summary>
    /// <param name="found">A process whose vectors are those found.</param>
    /// <param name="apply">A v, which is changed in place.</param>
    /// <param name="like">A vector of the type, size and device of v.</param>
    /// <param name="held">The most vectors held beside those found, 2 or more.</param>
    /// <param name="products">The most products.</param>
    /// <param name="tolerance">A value has converged where its residual is so small a part of its magnitude.</param>
    /// <param name="generator">Draws the start.</param>
    public static FreshStart Search(
        BandLanczos found, Func<Tensor, Tensor> apply, Tensor like, int held, int products, double tolerance, Generator generator)
    {
        var dimensions = like.Elements - found.Basis.Count;
        if (dimensions == 0)
        {
            return new FreshStart(null, true, 0);
        }

        // A value that is as good as the least found takes no place from any.
        var least = found.Values[found.Basis.Count - 1];
        var limit = least + Math.Max(tolerance * Math.Abs(least), found.Rounding * found.Scale);
        held = (int)Math.Min(held, dimensions);
        using BandLanczos process = new(apply, like, held, generator, found.Basis);
        var smallest = double.PositiveInfinity;
        for (var made = 1; made <= products; made++)
        {
            process.Step();
            if (process.IsBroken)
            {
                return new FreshStart(null, false, made);
            }

            var (largest, residual) = (process.Values[0], process.Residual(0));
            var last = process.Basis.Count - 1;
            smallest = Math.Min(smallest, process.Values[last] - process.Residual(last));
            var enough = Math.Max(tolerance * Math.Abs(largest), found.Rounding * Math.Max(found.Scale, process.Scale));
            var isInvariant = process.IsAll || process.Rests == 0;
            if (largest > limit && (isInvariant || residual <= enough))
            {
                return new FreshStart(process.Vector(0), false, made);
            }

            var isBelow = made >= FewestSteps && residual <= PartOfTolerance * enough && largest + residual <= limit;
            double OfMissing() => Chance(limit, largest, smallest, dimensions, Math.Min(made, held));
            if (largest <= limit && (isInvariant || isBelow || OfMissing() <= MostChance))
            {
                return new FreshStart(null, true, made);
            }

            if (process.IsFull)
            {
                process.Restart(Math.Max(1, Math.Min(1 + (held / 2), held - 2)));
            }
        }

        return new FreshStart(null, false, products);
    }

    // Ritz values only rise with a restart, and the bound is of the steps before it.
    private static double Chance(double limit, double largest, double smallest, long dimensions, int steps) =>
        2 * Math.Sqrt(dimensions) * Math.Exp(-Math.Sqrt(Math.Clamp((limit - largest) / (limit - smallest), 0, 1)) * ((2 * steps) - 1));
}
