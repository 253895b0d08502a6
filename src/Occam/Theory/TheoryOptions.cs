namespace Occam.Theory;

/// <summary>How theorems are checked.</summary>
/// <param name="Delta">The probability δ with which a bound may fail, between 0 and 1.</param>
/// <param name="Draws">Random perturbations of the weights, at least 2.</param>
/// <exception cref="OccamException">A value is none of those.</exception>
public sealed record TheoryOptions(double Delta = 0.05, int Draws = 1000)
{
    /// <summary>The probability δ with which a bound may fail.</summary>
    public double Delta { get; init => field = CheckedDelta(value); } = CheckedDelta(Delta);

    /// <summary>Random perturbations of the weights: a standard error takes two.</summary>
    public int Draws { get; init => field = CheckedDraws(value); } = CheckedDraws(Draws);

    private static double CheckedDelta(double delta) => delta is > 0 and < 1
        ? delta
        : throw new OccamException($"a bound that fails with probability {delta} can't be: give a number between 0 and 1");

    private static int CheckedDraws(int draws) =>
        draws >= 2 ? draws : throw new OccamException($"{draws} draws of the weights can't be: give at least 2");
}
