namespace Occam.Measures.Regions;

/// <summary>A point of a plane in the coordinates of a <see cref="PlaneSlice"/>.</summary>
/// <param name="S">How far along the first direction.</param>
/// <param name="T">How far along the second direction.</param>
public readonly record struct PlanePoint(double S, double T)
{
    /// <summary>The sum of two vectors.</summary>
    public static PlanePoint operator +(PlanePoint left, PlanePoint right) => new(left.S + right.S, left.T + right.T);

    /// <summary>The vector from the second to the first.</summary>
    public static PlanePoint operator -(PlanePoint left, PlanePoint right) => new(left.S - right.S, left.T - right.T);

    /// <summary>A multiple of a vector.</summary>
    public static PlanePoint operator *(double factor, PlanePoint vector) => new(factor * vector.S, factor * vector.T);

    /// <summary>The Euclidean length in plane coordinates.</summary>
    public double Length => Math.Sqrt((S * S) + (T * T));

    /// <summary>Twice the signed area of the triangle of the origin and two points.</summary>
    internal static double Cross(PlanePoint left, PlanePoint right) => (left.S * right.T) - (left.T * right.S);
}
