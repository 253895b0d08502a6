using System.Collections.Immutable;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>A linear region on the plane of the data: the network there, and what Theorem 2 says.</summary>
/// <param name="Z1">Where its centre is.</param>
/// <param name="Z2">Where its centre is.</param>
/// <param name="Area">Its area within the square.</param>
/// <param name="Value">f at its centre.</param>
/// <param name="Lipschitz">‖∇f‖ there.</param>
/// <param name="Points">Training points in it.</param>
/// <param name="Bound">Theorem 2's bound on ‖∇f‖; infinite where the theorem says nothing, NaN where training points are.</param>
/// <param name="Corners">Its corners, in order around it.</param>
internal sealed record PlaneRegion(
    double Z1, double Z2, double Area, double Value, double Lipschitz, int Points, double Bound,
    ImmutableArray<(double X, double Y)> Corners)
{
    /// <summary>Whether it has no training point.</summary>
    public bool IsEmpty => Points == 0;

    /// <summary>Whether Theorem 2 bounds it.</summary>
    public bool IsBounded => double.IsFinite(Bound);

    /// <summary>Whether it is empty and Theorem 2 says nothing of it.</summary>
    public bool IsSilent => double.IsPositiveInfinity(Bound);
}
