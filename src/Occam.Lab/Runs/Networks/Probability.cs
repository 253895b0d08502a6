namespace Occam.Lab.Runs.Networks;

/// <summary>The probability of dropout in recipes.</summary>
internal static class Probability
{
    /// <summary>Refuses what isn't one.</summary>
    /// <exception cref="OccamException">It is below 0, or 1 and more.</exception>
    public static void Check(double dropout)
    {
        if (dropout is not (>= 0 and < 1))
        {
            throw new OccamException($"a dropout of {dropout} can't be: give a probability from 0 to below 1");
        }
    }
}
