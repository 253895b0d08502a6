using Occam.Torch;

namespace Occam.Measures.Curvature;

/// <summary>
/// How much of a matrix of how the mean loss bends (<see cref="CurvatureMatrix"/>) is its diagonal: Σ_i A_ii²/‖A‖_F², 1 of a diagonal
/// matrix. It is what an optimizer with a diagonal preconditioner, or an approximation by the diagonal, knows of the matrix. Estimated from
/// random vectors of signs (Bekas, Kokiopoulou and Saad 2007), with the jackknife's standard error; exact where there are no more weights
/// than vectors. By layer: the mean of the diagonal over each parameter tensor, with its standard error.
/// </summary>
/// <param name="Of">Of which matrix.</param>
/// <param name="Draws">Random vectors: matrix–vector products over all data. All are held, each as large as the network.</param>
public sealed record CurvatureDiagonal(CurvatureMatrix Of = CurvatureMatrix.Hessian, int Draws = 30) : CurvatureMeasure(
    "curvature-diagonal", "The diagonal's share of the curvature", "Bekas et al. 2007",
    "$Σ_i A_{ii}²/‖A‖_F²$ of the Hessian, Gauss–Newton or Fisher matrix $A$ of the mean loss")
{
    /// <inheritdoc/>
    public override string Meaning =>
        "How much of the loss’s curvature each weight has by itself, without the others: 1 where no two weights act on "
            + "each other.";

    /// <inheritdoc/>
    public override string? Problem() => Unless(Draws >= 2, $"a diagonal's share from {Draws} vectors", "at least 2");

    private protected override int Vectors(long size) => Draws + 4;

    private protected override MeasureResult Compute(MeasureContext context, ParameterLoss loss)
    {
        var weights = loss.Weights;
        using var generator = new Generator(context.Options.RandomSeed, context.Function.Device);
        using var matrix = loss.Curvature(Of, Draws);
        var found = DiagonalEstimate.Of(matrix, weights.Like, Draws, generator);
        return Blank with
        {
            Quantity = found.Share,
            Details =
            [
                new("diagonal", found.OnDiagonal), new("squaredNorm", found.SquaredNorm),
                new("trace", found.Diagonals.Average(diagonal => WideSum.Of(diagonal, numbers => numbers))),
                new("products", found.Products),
            ],
            Layers = [.. weights.Names.Select((name, i) => new LayerValue(name, Mean(weights, found, i)))],
            Notes =
            [
                found.Share.IsExact ? "exact: there are no more weights than vectors were asked for"
                    : $"from {Draws} random vectors (seed {context.Options.Seed}); where it is small it may come out below 0",
                "by layer: the mean of the diagonal over each parameter tensor",
                .. NotesOn(Of),
            ],
        };
    }

    private static Uncertain Mean(Sharpness.WeightSpace weights, DiagonalEstimate found, int layer)
    {
        double[] means = [.. found.Diagonals.Select(diagonal =>
        {
            var part = weights.Parts(diagonal).ElementAt(layer).Reshape(-1);
            return WideSum.Of(part, numbers => numbers) / part.Elements;
        })];
        return found.Share.IsExact ? means[0] : Uncertain.Mean(means);
    }
}
