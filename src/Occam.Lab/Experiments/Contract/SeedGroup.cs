namespace Occam.Lab.Experiments.Contract;

/// <summary>A quantity at one setting: a value for each seed.</summary>
/// <param name="Name">The setting, as <c>ω = 0.5</c>.</param>
/// <param name="Level">Its place in the order.</param>
/// <param name="Values">A value for each seed; what is not finite, of a diverged run, is left out of the statistics.</param>
internal sealed record SeedGroup(string Name, double Level, IReadOnlyList<double> Values)
{
    /// <summary>The mean over the seeds; a single seed gives no error.</summary>
    public Uncertain Mean => Uncertain.RunningMean(Values).ZeroErrorOfOne();

    /// <summary>The logarithms; NaN of what isn't positive.</summary>
    public SeedGroup Logarithms => this with { Values = [.. Values.Select(value => value > 0 ? Math.Log(value) : double.NaN)] };

    /// <summary>The group without the values that are not finite.</summary>
    public SeedGroup Finite => this with { Values = [.. Values.Where(double.IsFinite)] };
}
