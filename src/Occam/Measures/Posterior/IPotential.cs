namespace Occam.Measures.Posterior;

/// <summary>A loss as a function of a vector, whose lowest value near by is looked at from one point of it.</summary>
internal interface IPotential
{
    /// <summary>How many numbers the vector has, d.</summary>
    int Size { get; }

    /// <summary>The loss at a point less that at the point looked from, and the gradient; of random examples where not of all.</summary>
    /// <param name="point">The point.</param>
    /// <param name="gradient">Receives the gradient there.</param>
    double At(ReadOnlySpan<double> point, Span<double> gradient);
}
