namespace Occam.Training.Engines;

/// <summary>The matrix of a dense layer at work, in one of two arrangements.</summary>
/// <param name="parameters">Where its numbers are.</param>
/// <param name="part">Which they are.</param>
/// <param name="below">The inputs.</param>
/// <param name="above">The results, with the cotangents of W h + b.</param>
/// <param name="passesBack">Whether the cotangents of the inputs are wanted.</param>
internal abstract class DenseMatrix(DenseParameters parameters, DensePart part, DenseValues below, DenseValues above, bool passesBack)
{
    protected DensePart Part { get; } = part;

    protected DenseValues Below { get; } = below;

    protected DenseValues Above { get; } = above;

    protected bool PassesBack { get; } = passesBack;

    protected Span<float> Values => parameters.Values(Part);

    protected Span<float> Gradient => parameters.Gradient(Part);

    public static DenseMatrix Of(
        DenseParameters parameters, DensePart part, bool rowsAreInputs, DenseValues below, DenseValues above, int capacity,
        bool passesBack) =>
        rowsAreInputs
            ? new RowsOfInputs(parameters, part, below, above, capacity, passesBack)
            : new RowsOfUnits(parameters, part, below, above, capacity, passesBack);

    /// <summary>W h + b for each example.</summary>
    public abstract void Forward(ReadOnlySpan<float> bias, Span<float> sums, int count);

    /// <summary>The cotangents of the inputs; then moves W by scale times its gradient, or stores its gradient.</summary>
    public abstract void Backward(int count, float scale, bool moves);
}
