namespace Occam.Training;

/// <summary>
/// Labels replaced at random: each with a probability by a class drawn uniformly from all, its own included.
/// </summary>
/// <param name="Fraction">The probability.</param>
/// <param name="Redrawn">Whether they are drawn anew at every step; otherwise once, before the first.</param>
public sealed record LabelNoise(double Fraction, bool Redrawn = false)
{
    internal string? Refuse() => Fraction is >= 0 and <= 1 ? null : $"label noise of {Fraction} can't be: give a fraction from 0 to 1";
}
