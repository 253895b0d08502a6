using Occam.Measures.Sharpness;
using Occam.Torch;

namespace Occam.Measures.Curvature;

/// <summary>
/// Adaptive sharpness max L(w + δ) − L(w) over ‖δ/|w|‖_p ≤ ρ, element by element (Kwon et al. 2021; Andriushchenko
/// et al. 2023): multiplying the weights into a unit and dividing those out of it by the same changes nothing. Weights, biases too,
/// move by a part of their own size; those that are 0 don't. The maximum is looked for by steps along the scaled gradient on all data,
/// from the one that is best to first order, halved where the loss didn't rise: what is found is a lower bound.
/// </summary>
/// <param name="Rho">ρ.</param>
/// <param name="P">p: 2, or inf.</param>
/// <param name="LogitNormalized">Whether the loss is of logits over their standard deviation (Andriushchenko et al. 2023).</param>
/// <param name="Steps">Steps of ascent.</param>
public sealed record AdaptiveSharpness(double Rho = 0.5, double P = 2, bool LogitNormalized = false, int Steps = 20) : CurvatureMeasure(
    "adaptive-sharpness", "Adaptive sharpness, worst case", "Kwon et al. 2021; Andriushchenko et al. 2023",
    "$max_δ L(w + δ) − L(w)$ over $‖δ/|w|‖_p ≤ ρ$")
{
    /// <inheritdoc/>
    public override string Meaning =>
        "How much the loss rises, at worst, where each weight moves by a part of its own size: whether the minimum is "
            + "narrow whatever the weights’ scale.";

    /// <inheritdoc/>
    public override string? Problem() =>
        Unless(Rho > 0 && double.IsFinite(Rho), $"ρ = {Rho}", "a positive number")
        ?? Unless(P is 2 or double.PositiveInfinity, $"p = {P}", "2 or inf")
        ?? Unless(Steps >= 1, $"{Steps} steps of ascent", "at least 1");

    private protected override WeightUse Use => WeightUse.Moved;

    private protected override int Vectors(long size) => 9;

    private protected override MeasureResult Compute(MeasureContext context, ParameterLoss loss)
    {
        if (LogitNormalized && LogitNormalization.Problem(context) is { } why)
        {
            return Blank with { NotApplicable = why };
        }

        loss = LogitNormalized ? loss.OfLogits(LogitNormalization.Of) : loss;
        var scale = loss.Weights.Origin.Abs();
        var best = Tensor.ZerosLike(scale);
        var (gradient, own) = loss.Gradient();
        var (highest, step, accepted) = (own, P == 2 ? Rho : 2 * Rho, 0);
        for (var i = 0; i < Steps; i++)
        {
            context.Options.Cancellation.ThrowIfCancellationRequested();
            using var scope = Libtorch.NewDisposeScope();
            var tried = Projected(best + (Direction(gradient * scale) * step));
            loss.Weights.MoveBy(tried, 1, w => w.Abs());
            var (slope, height) = loss.Gradient();
            if (height > highest)
            {
                best.CopyInPlace(tried);
                gradient.CopyInPlace(slope);
                (highest, accepted) = (height, accepted + 1);
            }
            else
            {
                step /= 2;
            }
        }

        loss.Weights.Return();
        return Blank with
        {
            Quantity = Uncertain.LowerBound(highest - own),
            Details = [new("loss", own), new("rho", Rho), new("length", Length(best)), new("accepted", accepted)],
            Notes = [$"{Steps} steps of ascent on all data, of which {accepted} rose: a lower bound of the maximum"],
        };
    }

    private Tensor Direction(Tensor slope)
    {
        var length = slope.Norm();
        return P == 2 ? slope / (length.Item() > 0 ? length : Tensor.OnesLike(length)) : slope.Sign();
    }

    private Tensor Projected(Tensor point)
    {
        if (P != 2)
        {
            return point.Clamp(-Rho, Rho);
        }

        var length = point.Norm().Item();
        return length > Rho ? point * (Rho / length) : point;
    }

    private double Length(Tensor point) => P == 2 ? point.Norm().Item() : point.Abs().AMax([0]).Item();
}
