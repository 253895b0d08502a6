namespace Occam.Training;

/// <summary>
/// Labels replaced at random: each with a probability by a class drawn uniformly from all, its own included.
/// </summary>
/// <param name="Fraction">The probability.</param>
/// <param name="Redrawn">Whether they are drawn anew at every step; otherwise once, before the first.</param>
public sealed record LabelNoise(double Fraction, bool Redrawn = false)
{
    private const long Stream = 2;

    /// <summary>The classes of all examples after noise that is drawn once, before the first step of a training of this seed.</summary>
    /// <param name="labels">The classes without it.</param>
    /// <param name="classes">How many there are.</param>
    /// <param name="seed">The seed of the training.</param>
    internal double[] DrawnOnce(IEnumerable<double> labels, int classes, int seed)
    {
        var random = StreamOf(seed);
        return [.. labels.Select(label => Draw(label, classes, random))];
    }

    /// <summary>The stream of random numbers that label noise is drawn from.</summary>
    internal static SeededRandom StreamOf(int seed) => new(seed, Stream);

    /// <summary>A class after the noise.</summary>
    internal double Draw(double label, int classes, SeededRandom random)
    {
        // Both numbers are drawn for every label, so that a larger fraction changes the same labels and more.
        var drawn = random.NextDouble();
        var other = random.NextInt(Math.Max(classes, 2));
        return drawn < Fraction ? other : label;
    }

    internal string? Problem() => Fraction is >= 0 and <= 1 ? null : $"label noise of {Fraction} can't be: give a fraction from 0 to 1";
}
