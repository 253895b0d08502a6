using Occam.Torch;

namespace Occam.Measures.Certificates;

/// <summary>Finds a radius around an example within which its class is certain.</summary>
internal sealed class RadiusSearch(
    LocalEnclosures enclosures, Tensor example, int label, BallNorm norm, CancellationToken cancellation)
{
    // Of the example's own size: near enough for the function to be straight.
    private const double Near = 1e-4;

    /// <summary>Why there is no radius; empty where there is one.</summary>
    public string Why { get; private set; } = "";

    /// <summary>
    /// The largest radius found by doubling and then regula falsi, 0 where the class is wrong; and the margin at the example. NaN
    /// where nothing can be enclosed even at the example.
    /// </summary>
    /// <param name="tolerance">How far apart, relatively, the radius and one that isn't certain end.</param>
    /// <param name="steps">The most radii that are tried.</param>
    public (double Radius, double Margin) Find(double tolerance, int steps)
    {
        if (At(0) is not { } margins)
        {
            return (double.NaN, double.NaN);
        }

        var margin = margins.Min();
        if (margin <= 0)
        {
            return (0, margin);
        }

        var (certain, uncertain, radius) = (0.0, double.PositiveInfinity, FirstGuess(margins));
        var (above, below) = (margin, double.NegativeInfinity);
        for (var step = 0; step < steps && uncertain - certain > tolerance * certain; step++)
        {
            var now = At(radius)?.Min() ?? double.NegativeInfinity;
            var isCertain = now > 0;
            (certain, above) = isCertain ? (radius, now) : (certain, above);
            (uncertain, below) = isCertain ? (uncertain, below) : (radius, now);
            radius = double.IsInfinity(uncertain) ? 2 * certain : Between(certain, above, uncertain, below, isCertain, tolerance);
        }

        // Beyond the example itself something may still have no bound.
        Why = "";
        return (certain, margin);
    }

    // Where the line between both ends comes to 0, a little to the side of which less is known.
    private static double Between(double certain, double above, double uncertain, double below, bool isCertain, double tolerance)
    {
        var width = uncertain - certain;
        var share = double.IsFinite(below) ? above / (above - below) : 0.5;
        var guess = (certain + (share * width)) * (1 + (isCertain ? tolerance / 2 : -tolerance / 2));
        return Math.Clamp(guess, certain + (width / 16), uncertain - (width / 16));
    }

    // Where the straight line that the margin falls along nearby comes to 0.
    private double FirstGuess(double[] margins)
    {
        var near = Near * Math.Max(example.Norm().Item() / Math.Sqrt(example.Elements), Near);
        return At(near) is { } there
            ? margins.Zip(there, (here, then) => here > then ? near * here / (here - then) : double.PositiveInfinity).Min() is var guess
                && double.IsFinite(guess) ? guess : 1
            : near;
    }

    private double[]? At(double radius)
    {
        var (margins, why) = enclosures.Margins(example, label, radius, norm == BallNorm.L2, cancellation);
        Why = why;
        return margins;
    }
}
