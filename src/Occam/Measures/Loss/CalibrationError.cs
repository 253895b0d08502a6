using Occam.Torch;

namespace Occam.Measures.Loss;

/// <summary>
/// The expected calibration error (Naeini et al. 2015; Guo et al. 2017, eq. 3): answers sorted into bins of equal width by the probability
/// of the class that they choose, Σ_b |B_b|/n |accuracy(B_b) − confidence(B_b)|. 0 for a network that is right as often as it says.
/// <para>
/// Exact for these data and bins. As an estimate of the error over all data it is biased upwards, the more the fewer examples a bin has
/// (Kumar et al. 2019), and so it has no standard error.
/// </para>
/// </summary>
/// <param name="Bins">How many bins there are from 0 to 1.</param>
public sealed record CalibrationError(int Bins = 15) : Measure(
    "calibration-error", "Expected calibration error", "Guo et al. 2017, eq. 3",
    "$Σ_b |B_b|/n · |acc(B_b) − conf(B_b)|$ over bins of the probability of the class that is chosen",
    MeasureNeeds.Data | MeasureNeeds.Labels)
{
    private const int MostBins = 10_000;

    /// <summary>How many bins there are.</summary>
    public int Bins { get; init; } = Bins is >= 1 and <= MostBins
        ? Bins
        : throw new OccamException($"{Bins} bins can't be: give from 1 to {MostBins}");

    /// <inheritdoc/>
    public override string Meaning =>
        "How far the network’s confidence is from how often it is right: 0 where of the answers given with 80 % "
            + "confidence four of five are right.";

    /// <inheritdoc/>
    public override bool HoldsInputs => true;

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        using var grad = Libtorch.NoGrad();
        var answers = Answers.Of(context);
        var bins = new (int Count, double Confidence, int Right)[Bins];
        foreach (var batch in context.Batches())
        {
            foreach (var (confidence, isRight) in answers.Confidences(batch.Function.Forward(batch.Inputs), batch.Indices))
            {
                ref var bin = ref bins[Math.Min((int)(confidence * Bins), Bins - 1)];
                bin = (bin.Count + 1, bin.Confidence + confidence, bin.Right + (isRight ? 1 : 0));
            }
        }

        var total = bins.Sum(bin => bin.Count);
        double Gap((int Count, double Confidence, int Right) bin) => (bin.Right - bin.Confidence) / bin.Count;
        var filled = bins.Where(bin => bin.Count > 0).ToArray();
        return Blank with
        {
            Value = filled.Sum(bin => Math.Abs(Gap(bin)) * bin.Count) / total,
            Details =
            [
                new("confidence", bins.Sum(bin => bin.Confidence) / total), new("accuracy", bins.Sum(bin => bin.Right) / (double)total),
                new("maximum", filled.Max(bin => Math.Abs(Gap(bin)))), new("bins", filled.Length),
            ],
            Notes =
            [
                .. answers.Notes,
                $"{filled.Length} of {Bins} bins have answers; with few in a bin the error is biased upwards",
            ],
        };
    }
}
