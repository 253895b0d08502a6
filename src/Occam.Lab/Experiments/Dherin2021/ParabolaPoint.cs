namespace Occam.Lab.Experiments.Dherin2021;

/// <summary>The state of a training of gor-1 after a number of steps.</summary>
/// <param name="Step">The number of steps taken.</param>
/// <param name="Loss">The mean squared error on the ten points.</param>
/// <param name="ArcLength">The length of the learned function's graph over [−1, 1].</param>
/// <param name="DirichletEnergy">The discrete Dirichlet energy on the ten points.</param>
/// <param name="Pieces">How many linear pieces the learned function has there.</param>
/// <param name="ShortestForItsValues">The length of the polyline through the network's own values at the ten points: the shortest curve
/// with those values there.</param>
/// <param name="ShortestForItsError">The length of the shortest curve of all with the same mean squared error on the ten points; never
/// above <paramref name="ShortestForItsValues"/>.</param>
internal sealed record ParabolaPoint(
    long Step, double Loss, double ArcLength, double DirichletEnergy, int Pieces, double ShortestForItsValues, double ShortestForItsError)
{
    /// <summary>By what share the function is longer than the shortest curve through its own values; 0 is the shortest.</summary>
    public double ExcessOverItsValues => (ArcLength / ShortestForItsValues) - 1;

    /// <summary>By what share the function is longer than the shortest curve of the same training error; 0 is the shortest.</summary>
    public double ExcessOverItsError => (ArcLength / ShortestForItsError) - 1;
}
