namespace Occam.Training.Losses;

/// <summary>log(1 + x) with all its digits where x is small, which the library's own doesn't keep (Goldberg 1991, Theorem 4).</summary>
internal static class Logarithm
{
    public static double OnePlus(double x)
    {
        var sum = 1 + x;
        return sum == 1 ? x : Math.Log(sum) * (x / (sum - 1));
    }
}
