namespace Occam.Measures.Regions;

/// <summary>
/// An affine function on the plane, scaled so that its value is the signed distance to its zero line.
/// </summary>
/// <param name="Anchor">Where the offset is measured.</param>
/// <param name="Offset">The signed distance of the anchor.</param>
/// <param name="Normal">The unit vector along which the distance grows.</param>
/// <param name="Tolerance">A distance below which a point counts as lying on the line.</param>
internal readonly record struct PlaneLine(PlanePoint Anchor, double Offset, PlanePoint Normal, double Tolerance)
{
    /// <summary>The signed distance of a point.</summary>
    public double Distance(PlanePoint point) =>
        Offset + (Normal.S * (point.S - Anchor.S)) + (Normal.T * (point.T - Anchor.T));
}
