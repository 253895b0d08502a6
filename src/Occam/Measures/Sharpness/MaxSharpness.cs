namespace Occam.Measures.Sharpness;

/// <summary>
/// Maximum sharpness ζ_α = (max L̂(w + ν) − L̂(w))/(1 + L̂(w)) over the box |ν_i| ≤ α(|w_i| + 1) (Neyshabur et al. 2017,
/// eq. 4, after Keskar et al. 2017), α = 5·10⁻⁴ or the options'. The maximum is looked for as in their Appendix A: 2,000
/// steps of stochastic gradient ascent from the weights, mini-batches of 64, step 0.01, momentum 0.9, back into the
/// box after each. What is found is a lower bound of the maximum: the loss over all data where an ascent ends, the highest where
/// there were several.
/// </summary>
public sealed record MaxSharpness() : SharpnessMeasure(
    "max-sharpness", "Maximum sharpness", "Neyshabur et al. 2017, eq. 4",
    "(max L(w + ν) − L(w))/(1 + L(w)) over |ν_i| ≤ α(|w_i| + 1)")
{
    private protected override MeasureResult Compute(MeasureContext context, LossSurface surface)
    {
        var options = context.Options.Sharpness;
        var alpha = options.Alpha ?? SharpnessOptions.UsualBoxAlpha;
        var ascent = new BoxAscent(context, surface, alpha);
        var ends = new List<AscentEnd>();
        for (var start = 0; start < options.Starts; start++)
        {
            ends.Add(ascent.Climb(start));
        }

        var best = ends.MaxBy(end => end.Loss)!;
        var loss = surface.Losses.Average();

        // The box holds the weights themselves: an ascent that ended lower has found nothing above them.
        var increase = Math.Max(best.Loss - loss, 0);
        return Blank with
        {
            Quantity = Uncertain.WithoutError(increase / (1 + loss)),
            Details =
            [
                new("alpha", alpha), new("increase", increase), new("loss", loss), new("error", best.Error), new("onFaces", best.OnFaces),
                .. ends.Count > 1 ? [new("lowestOfStarts", Math.Max(ends.Min(end => end.Loss) - loss, 0) / (1 + loss))] : (KeyValuePair<string, double>[])[],
                .. best.Trace.Select(point => new KeyValuePair<string, double>($"trace.{point.Step}", point.Loss)),
            ],
            Notes =
            [
                $"{options.Steps} steps from {(options.Starts == 1 ? "the weights" : $"the weights and {options.Starts - 1} random points of the box")} (seed {context.Options.Seed}): a lower bound of the maximum",
                "'trace' has the mini-batches' mean loss over each tenth of the ascent, named by its last step; 'onFaces' the share of the weights that ended at the box's limit",
            ],
        };
    }
}
