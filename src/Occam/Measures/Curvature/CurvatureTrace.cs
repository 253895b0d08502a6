using MathNet.Numerics.Statistics;
using Occam.Measures.Sharpness;
using Occam.Torch;

namespace Occam.Measures.Curvature;

/// <summary>
/// The trace of a matrix of how the mean loss over the data bends (<see cref="CurvatureMatrix"/>), by XTrace (Epperly, Tropp and Webber
/// 2024), Hutch++ (Meyer et al. 2021) or Hutchinson's mean (1990), with its standard error. By layer: the trace of the block of each
/// parameter tensor, the mean over the random vectors g of Σ g_i (Ag)_i over its numbers, with the standard error of that mean.
/// </summary>
/// <param name="Of">Of which matrix.</param>
/// <param name="By">How it is estimated.</param>
/// <param name="Products">The most matrix–vector products over all data.</param>
public sealed record CurvatureTrace(
    CurvatureMatrix Of = CurvatureMatrix.Hessian, TraceEstimator By = TraceEstimator.Xtrace, int Products = 30) : CurvatureMeasure(
    "curvature-trace", "Trace of the curvature", "Epperly et al. 2024; Meyer et al. 2021; Hutchinson 1990",
    "$tr A$ of the Hessian, Gauss–Newton or Fisher matrix $A$ of the mean loss")
{
    /// <inheritdoc/>
    public override string Meaning => "How much the loss bends over all weights together, by the matrix that is chosen.";

    /// <inheritdoc/>
    public override string? Problem() => Unless(Products >= 6, $"a trace from {Products} products", "at least 6");

    private protected override int Vectors(long size) => By switch
    {
        TraceEstimator.Xtrace => (Products / 2) + 4,
        TraceEstimator.Hutchinson => 5,
        _ => (Products / 3) + 5,
    };

    private protected override MeasureResult Compute(MeasureContext context, ParameterLoss loss)
    {
        var weights = loss.Weights;
        var like = weights.Like;
        using var generator = new Generator(context.Options.RandomSeed, context.Function.Device);
        using var matrix = loss.Curvature(Of, Products);
        var blocks = weights.Names.Select(_ => new List<double>()).ToArray();
        void Seen(Tensor g, Tensor image)
        {
            foreach (var (block, (left, right)) in blocks.Zip(weights.Parts(g).Zip(weights.Parts(image))))
            {
                block.Add(WideSum.OfProducts(left.Reshape(-1), right.Reshape(-1)));
            }
        }

        var (found, by) = Estimate(matrix, like, generator, Seen);
        return Blank with
        {
            Quantity = found.Trace,
            Details = [new("meanEigenvalue", found.Trace.Value / weights.Size), new("products", found.Products)],
            Layers = [.. weights.Names.Zip(blocks, (name, block) => new LayerValue(name, Uncertain.Mean(block)))],
            Notes =
            [
                $"{by} from {found.Products} products over all data (seed {context.Options.Seed})",
                "by layer: the trace of each parameter tensor's block, estimated",
                .. NotesOn(Of),
            ],
        };
    }

    private ((Uncertain Trace, int Products) Found, string By) Estimate(
        ISymmetricMatrix matrix, Tensor like, Generator generator, Action<Tensor, Tensor> seen)
    {
        if (By == TraceEstimator.Hutchinson)
        {
            return (Signs(matrix, like, generator, seen), "Hutchinson's mean");
        }

        if (By == TraceEstimator.Xtrace && XTrace.Of(matrix, like, Products, generator, seen) is { } found)
        {
            return (found, "XTrace");
        }

        var other = HutchPlusPlus.Of(matrix, like, Products, generator, By == TraceEstimator.Xtrace ? null : seen);
        return ((other.Trace, other.Products), By == TraceEstimator.Xtrace ? "Hutch++, for the rank is too low for XTrace," : "Hutch++");
    }

    private (Uncertain Trace, int Products) Signs(
        ISymmetricMatrix matrix, Tensor like, Generator generator, Action<Tensor, Tensor> seen)
    {
        using var spread = new SignVariance(like);
        List<double> forms = [];
        for (var i = 0; i < Products; i++)
        {
            using var scope = Libtorch.NewDisposeScope();
            var g = RandomSigns.Like(like, generator);
            var image = matrix.Times([g])[0];
            seen(g, image);
            spread.Add(g, image);
            forms.Add(WideSum.OfProducts(g, image));
        }

        return (Uncertain.Estimated(forms.Mean(), Math.Sqrt(spread.OfForm / Products)), Products);
    }
}
