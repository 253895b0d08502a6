using MathNet.Numerics.Statistics;
using Occam.Measures.Sharpness;
using Occam.Torch;

namespace Occam.Measures.Curvature;

/// <summary>
/// Average-case adaptive sharpness E_δ[L(w + δ)] − L(w), δ_i ~ N(0, (ρ|w_i|)²) (Andriushchenko et al. 2023). Each draw is made on
/// a mini-batch of its own, whose loss at w + δ is compared with its loss at w: that leaves the mean as it is, and takes from its error
/// what the examples differ by. To second order in ρ it is ρ²/2 Σ_i w_i² H_ii.
/// </summary>
/// <param name="Rho">ρ.</param>
/// <param name="LogitNormalized">Whether the loss is of logits over their standard deviation (Andriushchenko et al. 2023).</param>
/// <param name="Draws">Random perturbations.</param>
/// <param name="Batch">Examples of a mini-batch.</param>
public sealed record AverageAdaptiveSharpness(double Rho = 0.1, bool LogitNormalized = false, int Draws = 200, int Batch = 128)
    : CurvatureMeasure(
    "average-adaptive-sharpness", "Adaptive sharpness, average case", "Andriushchenko et al. 2023",
    "$E_δ[L(w + δ)] − L(w)$, $δ_i ~ N(0, (ρ|w_i|)²)$", MeasureNeeds.None)
{
    /// <inheritdoc/>
    public override string Meaning => "How much the loss rises on average where each weight moves at random by a part of its own size.";

    /// <inheritdoc/>
    public override string? Problem() =>
        Unless(Rho > 0 && double.IsFinite(Rho), $"ρ = {Rho}", "a positive number")
        ?? PerturbationProblems.OfDraws(Draws) ?? PerturbationProblems.OfBatch(Batch);

    private protected override WeightUse Use => WeightUse.Noisy;

    private protected override int Vectors(long size) => 0;

    private protected override MeasureResult Compute(MeasureContext context, ParameterLoss loss)
    {
        if (LogitNormalized && LogitNormalization.Problem(context) is { } why)
        {
            return Blank with { NotApplicable = why };
        }

        loss = LogitNormalized ? loss.OfLogits(LogitNormalization.Of) : loss;
        using var grad = Libtorch.NoGrad();
        using var generator = new Generator(context.Options.RandomSeed, context.Function.Device);
        using var noise = new WeightNoise(loss.Weights, generator);
        var batches = new MiniBatches(context, Batch);
        RunningStatistics increases = new();
        for (var draw = 0; draw < Draws; draw++)
        {
            context.Options.Cancellation.ThrowIfCancellationRequested();
            using var scope = Libtorch.NewDisposeScope();
            noise.Draw();
            var batch = batches.Next();
            loss.Weights.Return();
            var own = loss.On(batch);
            noise.Move(Rho, w => w.Abs());
            increases.Push(loss.On(batch) - own);
            context.Options.Progress?.Invoke((draw + 1.0) / Draws);
        }

        loss.Weights.Return();
        return Blank with
        {
            Quantity = Uncertain.Mean(increases),
            Details = [new("rho", Rho), new("loss", loss.AtPoint()), new("draws", Draws)],
            Notes = [$"{Draws} perturbations, each on {Math.Min(Batch, loss.Examples)} examples (seed {context.Options.Seed})"],
        };
    }
}
