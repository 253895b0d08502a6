using System.Collections.Immutable;

namespace Occam.Measures.Regions;

/// <summary>
/// A linear region of a network where a plane cuts it: on the polygon the output is
/// Value + SlopeS·(s − s₀) + SlopeT·(t − t₀), (s₀, t₀) the polygon's centroid.
/// </summary>
public sealed record RegionCell
{
    /// <summary>Where it is.</summary>
    public required ConvexPolygon Polygon { get; init; }

    /// <summary>The output at the centroid: k numbers.</summary>
    public required ImmutableArray<double> Value { get; init; }

    /// <summary>∂f/∂s: k numbers.</summary>
    public required ImmutableArray<double> SlopeS { get; init; }

    /// <summary>∂f/∂t: k numbers.</summary>
    public required ImmutableArray<double> SlopeT { get; init; }

    /// <summary>
    /// The local Lipschitz constant: ‖∇f‖ with respect to the whole input (not only along the plane), σ_max of the
    /// Jacobian for several outputs.
    /// </summary>
    public required double GradientNorm { get; init; }

    /// <summary>The indices of the given points that lie in it.</summary>
    public required ImmutableArray<int> Points { get; init; }

    /// <summary>The affine map's output at a point of the plane.</summary>
    public double[] At(PlanePoint point)
    {
        var step = point - Polygon.Centroid;
        var output = new double[Value.Length];
        for (var i = 0; i < output.Length; i++)
        {
            output[i] = Value[i] + (SlopeS[i] * step.S) + (SlopeT[i] * step.T);
        }

        return output;
    }
}
