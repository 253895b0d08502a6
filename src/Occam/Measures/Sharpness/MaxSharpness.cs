namespace Occam.Measures.Sharpness;

/// <summary>
/// Maximum sharpness ζ_α = (max L̂(w + ν) − L̂(w))/(1 + L̂(w)) over the box |ν_i| ≤ α(|w_i| + 1) (Neyshabur et al. 2017,
/// eq. 4, after Keskar et al. 2017). The maximum is looked for as in their Appendix A: 2,000
/// steps of stochastic gradient ascent from the weights, mini-batches of 64, step 0.01, momentum 0.9, back into the
/// box after each. What is found is a lower bound of the maximum: the loss over all data where an ascent ends, the highest where
/// there were several.
/// </summary>
/// <param name="Alpha">The size α of the box: Keskar et al. 2017, and Neyshabur et al. 2017.</param>
/// <param name="Steps">Steps of gradient ascent.</param>
/// <param name="StepSize">The size of a step.</param>
/// <param name="Momentum">The share of the last step that the next keeps.</param>
/// <param name="Starts">Ascents: the first from the weights themselves, the others from random points of the box.</param>
/// <param name="Batch">Examples of a mini-batch.</param>
public sealed record MaxSharpness(
    double Alpha = 5e-4, int Steps = 2000, double StepSize = 0.01, double Momentum = 0.9, int Starts = 1, int Batch = 64)
    : SharpnessMeasure(
    "max-sharpness", "Maximum sharpness", "Neyshabur et al. 2017, eq. 4",
    "$(max_ν L(w + ν) − L(w))/(1 + L(w))$ over $|ν_i| ≤ α(|w_i| + 1)$", MeasureNeeds.WeightDerivative)
{
    /// <inheritdoc/>
    public override string Meaning => "How much the loss rises, at worst, where each weight moves a little: small at a flat minimum.";

    /// <inheritdoc/>
    public override string? Problem() =>
        PerturbationProblems.OfAlpha(Alpha)
        ?? Unless(Steps >= 1, $"{Steps} steps of ascent", "at least 1")
        ?? Unless(StepSize > 0 && double.IsFinite(StepSize), $"steps of size {StepSize}", "a positive size")
        ?? Unless(Momentum is >= 0 and < 1, $"a momentum of {Momentum}", "at least 0 and below 1")
        ?? Unless(Starts >= 1, $"{Starts} ascents", "at least 1")
        ?? PerturbationProblems.OfBatch(Batch);

    private protected override WeightUse Use => WeightUse.Moved;

    private protected override int Vectors(long size) => (size <= BoxAscent.MostKept ? 4 : 2) + (Starts > 1 ? 3 : 0);

    private protected override MeasureResult Compute(MeasureContext context, LossSurface surface)
    {
        var ascent = new BoxAscent(context, surface, this);
        var ends = new List<AscentEnd>();
        for (var start = 0; start < Starts; start++)
        {
            ends.Add(ascent.Climb(start));
        }

        var best = ends.MaxBy(end => end.Loss)!;
        var loss = surface.Losses.Average();

        // The box holds the weights themselves: an ascent that ended lower has found nothing above them.
        var increase = Math.Max(best.Loss - loss, 0);
        return Blank with
        {
            Quantity = Uncertain.LowerBound(increase / (1 + loss)),
            Details =
            [
                new("alpha", Alpha), new("increase", increase), new("loss", loss), new("error", best.Error), new("onFaces", best.OnFaces),
                .. ends.Count > 1
                    ? [new("lowestOfStarts", Math.Max(ends.Min(end => end.Loss) - loss, 0) / (1 + loss))]
                    : (KeyValuePair<string, double>[])[],
                .. best.Trace.Select(point => new KeyValuePair<string, double>($"trace.{point.Step}", point.Loss)),
            ],
            Notes =
            [
                $"{Steps} steps from {(Starts == 1 ? "the weights" : $"the weights and {Starts - 1} random points of the box")} (seed "
                    + $"{context.Options.Seed}): a lower bound of the maximum",
                "'trace' has the mini-batches' mean loss over each tenth of the ascent, named by its last step; 'onFaces' the share of "
                    + "the weights that ended at the box's limit",
            ],
        };
    }
}
