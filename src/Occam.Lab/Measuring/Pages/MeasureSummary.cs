using Occam.Lab.Reports;
using Occam.Networks.Loading;
using Occam.Networks.Rewrites;

namespace Occam.Lab.Measuring.Pages;

/// <summary>
/// What the values come to, in words. Each sentence follows from the values that are on the page; what holds to first order alone says so.
/// </summary>
internal static class MeasureSummary
{
    private const string Papers = "Dherin et al. 2022";

    /// <summary>Makes the section; null where nothing of what was measured can be put into words.</summary>
    /// <param name="measured">What was measured.</param>
    /// <param name="baseline">What it is held against; null for nothing.</param>
    public static Section? Of(MeasuredNetwork measured, Baseline? baseline)
    {
        RichText?[] sentences =
        [
            Slope(measured), Steepest(measured), Against(measured, baseline), Decisions(measured), Regions(measured), Bounds(measured),
            Advice(measured),
        ];
        RichText[] told = [.. sentences.OfType<RichText>()];
        return told.Length == 0 ? null : new Section("In short", new Prose(told));
    }

    // For u uniform on the unit sphere of R^d, E‖J u‖² = ‖J‖_F²/d.
    private static RichText? Slope(MeasuredNetwork measured)
    {
        if (measured.Find("geometric-complexity") is not { Value: { } complexity } result)
        {
            return null;
        }

        var (value, step) = (RichText.WithError(result.Quantity!.Value), Math.Sqrt(complexity / measured.Context.Inputs));
        return Jumps(measured) switch
        {
            Jump.Straight => RichText.Html(
                $"The mean squared slope at the data, the geometric complexity, is {value} by the derivative that was asked for, which ",
                $"passes straight through what jumps: it is not the function’s own, and doesn’t tell how far a small step moves the ",
                $"outputs."),
            Jump.Cut => RichText.Html(
                $"The mean squared slope of the function at the data, its geometric complexity, is {value}: between its jumps a small ",
                $"step of length <var>ε</var> in a random direction moves the outputs by about {Numbers.Format(step, 3)} ",
                $"<var>ε</var>, as a root mean square and to first order."),
            _ => RichText.Html(
                $"The mean squared slope of the function at the data, its geometric complexity, is {value}: a small step of length ",
                $"<var>ε</var> in a random direction moves the outputs by about {Numbers.Format(step, 3)} <var>ε</var>, as a root mean ",
                $"square and to first order."),
        };
    }

    private static RichText? Steepest(MeasuredNetwork measured)
    {
        if (measured.Find("local-lipschitz") is not { Value: { } mean, PerExample: { IsDefaultOrEmpty: false } slopes })
        {
            return null;
        }

        var steepest = slopes.IndexOf(slopes.Max());
        var (often, most) = (Numbers.Format(mean, 3), Numbers.Format(slopes[steepest], 3));
        var at = RichText.Html($"at the steepest of these examples, number {(long)measured.Data.IndexInWhole(steepest)}");
        var sentence = Jumps(measured) switch
        {
            Jump.Straight => RichText.Html(
                $"By the derivative that was asked for, the slope in its steepest direction is {often} on average, and {most} {at}."),
            Jump.Cut => RichText.Html(
                $"Between its jumps it moves in its steepest direction by {often} <var>ε</var> on average, and by {most} ",
                $"<var>ε</var> {at}."),
            _ => RichText.Html(
                $"In its steepest direction it moves by {often} <var>ε</var> on average, and by {most} <var>ε</var> {at}."),
        };
        return RichText.Html($"{sentence} Lengths are those of {Lengths(measured)}.");
    }

    private static RichText Lengths(MeasuredNetwork measured) =>
        measured.Loaded is not { Before: not null, Whole: { } whole, Network: { } network } ? "the input as the network takes it"
        : WordEmbedding.Find(whole) is { } found && found.Value == network.Graph.Input.Name ? "the embedding’s vectors"
        : RichText.Html($"<code>{network.Graph.Input.Name}</code>, a value inside the model");

    private static Jump Jumps(MeasuredNetwork measured) =>
        measured.Graph is not { } network ? Jump.None
        : StraightThrough.IsIn(network.Graph) ? Jump.Straight
        : measured.Context.CutWays.IsEmpty ? Jump.None
        : Jump.Cut;

    // The difference of two logits has a slope of at most √2 σ_max(J): it can't vanish, to first order, within margin/(√2 σ_max).
    private static RichText? Decisions(MeasuredNetwork measured)
    {
        if (measured.Find("margin") is not { Value: not null } margin || margin.NamedDetails.All(detail => detail.Key != "accuracy"))
        {
            return null;
        }

        var accuracy = RichText.Html(
            $"{100 * margin.Detail("accuracy"):0.##} % of the examples are classified correctly, with a median margin of ",
            $"{Numbers.Format(margin.Detail("median"), 3)}.");
        var jumps = Jumps(measured);
        if (jumps == Jump.Straight || measured.Find("local-lipschitz") is not { PerExample: { IsDefaultOrEmpty: false } slopes }
            || margin.PerExample.IsDefaultOrEmpty || margin.PerExample.Length != slopes.Length)
        {
            return accuracy;
        }

        double[] radii =
        [
            .. margin.PerExample.Zip(slopes, (m, slope) => m / (Math.Sqrt(2) * slope))
                .Where(radius => radius > 0 && double.IsFinite(radius)).Order(),
        ];
        return radii.Length == 0
            ? accuracy
            : RichText.Html($"{accuracy} By margin and slope, half of the correctly classified ones keep their class, to first order",
                $"{(jumps == Jump.Cut ? " and between the function’s jumps" : "")}, within any step shorter than ",
                $"{Numbers.Format(radii[radii.Length / 2], 3)}; the least sure one within ",
                $"{Numbers.Format(radii[0], 2)}.");
    }

    private static RichText? Regions(MeasuredNetwork measured) =>
        measured.Find("linear-regions") is { Value: { } patterns }
            ? RichText.Html($"The {(long)measured.Data.Count} examples lie in {(long)patterns} different linear regions.")
            : default(RichText?);

    private static RichText? Bounds(MeasuredNetwork measured) =>
        measured.Find("lipschitz-upper") is { Value: { } upper } && double.IsFinite(upper)
            && measured.Find("lipschitz-lower") is { Value: { } lower }
            ? RichText.Html($"The Lipschitz constant of the whole function lies between {Numbers.Format(lower, 3)}, which was found, and ",
                $"{Numbers.Format(upper, 3)}, which is proved; the bound may be loose.")
            : default(RichText?);

    // Steep or flat is a network against another.
    private static RichText? Against(MeasuredNetwork measured, Baseline? baseline) => baseline is not null
        ? (baseline.Against(measured) is { IsEmpty: false } sentences ? string.Join(' ', sentences) : default(RichText?))
        : measured.Find("geometric-complexity") is { Value: not null }
            ? RichText.Html(
                $"Whether that is steep, another network tells: <code>--baseline FILE.json</code> takes what <code>--json</code> wrote of ",
                $"this one at initialization, of one trained on random labels, or of an older one.")
            : default(RichText?);

    // What the paper shows; of margins it shows nothing.
    private static RichText? Advice(MeasuredNetwork measured) =>
        measured.Find("geometric-complexity") is { Value: not null }
            ? RichText.Html(
                $"What would lower it: {Papers} find less of it in networks trained with larger learning rates and smaller batches (§5, ",
                $"Fig. 4, ResNet-18 on CIFAR-10, SGD without momentum), with L2, spectral or flatness regularization, and with noise in ",
                $"the labels (§4, Fig. 3). {Explanation(measured)}")
            : default(RichText?);

    private static RichText Explanation(MeasuredNetwork measured) =>
        Path.GetDirectoryName(measured.Loaded.Path) is { } folder && File.Exists(Path.Combine(folder, "metrics.jsonl"))
            ? RichText.Html($"What held this one down, <code>occam explain {(folder.Length == 0 ? "." : folder)}</code> tells.")
            : RichText.Html($"What held one down that Occam trained, <code>occam explain</code> tells.");

    // What stands between a derivative and how far a step moves the outputs.
    private enum Jump
    {
        None,

        // Some ways from the input to the output jump.
        Cut,

        // Derivatives pass straight through what jumps.
        Straight,
    }
}
