using Occam.Networks;
using Occam.Torch;

namespace Occam.Measures.Certificates;

/// <summary>
/// What measures ask of a network's enclosures in balls around examples: float64, on the CPU, batch normalization folded.
/// </summary>
internal sealed class LocalEnclosures
{
    private readonly Enclosures _enclosures;

    private LocalEnclosures(MeasureContext context)
    {
        var wide = new Subject(context.Subject.Original!, type: ScalarType.Float64, device: Device.Cpu);
        _enclosures = new Enclosures(wide.Folded!, context.ExampleShape);
    }

    /// <summary>Those of what is measured.</summary>
    public static LocalEnclosures Of(MeasureContext context) => context.Shared(() => new LocalEnclosures(context));

    /// <summary>
    /// An upper bound of the operator norm of the Jacobian, and so of the Lipschitz constant, in a ball: of ℓ2 norms, or of ℓ∞ norms on
    /// both sides (the largest sum of a row's magnitudes).
    /// </summary>
    /// <param name="example">The ball's centre, a batch of one.</param>
    /// <param name="radius">Its radius.</param>
    /// <param name="isEuclidean">Whether it is ℓ2, else ℓ∞.</param>
    /// <param name="cancellation">Cancels the computation.</param>
    /// <returns>The bound; null with the reason where there is none.</returns>
    public (double? Bound, string Why) Constant(Tensor example, double radius, bool isEuclidean, CancellationToken cancellation)
    {
        using var scope = Libtorch.NewDisposeScope();
        var space = new EnclosureSpace(example.Elements, radius, isEuclidean, hasSlopes: true);
        if (Run(space, example, cancellation, out var why) is not { } output)
        {
            return (null, why);
        }

        var padded = space.Padded(output);
        var bound = isEuclidean ? space.Derivative.Norm(padded) : space.Derivative.LargestSum(padded);
        return double.IsFinite(bound) ? (bound, "") : (null, "the bound is no number");
    }

    /// <summary>
    /// A lower bound in a ball of each logit's distance below the label's: f_y − f_j, or ±f of a single logit with labels 0 and 1.
    /// </summary>
    /// <returns>The bounds, without the label's own; null with the reason where there are none.</returns>
    public (double[]? Margins, string Why) Margins(
        Tensor example, int label, double radius, bool isEuclidean, CancellationToken cancellation)
    {
        using var scope = Libtorch.NewDisposeScope();
        var space = new EnclosureSpace(example.Elements, radius, isEuclidean, hasSlopes: false);
        if (Run(space, example, cancellation, out var why) is not { } output)
        {
            return (null, why);
        }

        var logits = output.Changed(one => one.Flatten(), all => all.Flatten(1));
        var count = logits.Middle.Elements;
        if (count == 1)
        {
            return ([label == 1 ? logits.Low.Item() : -logits.High.Item()], "");
        }

        var own = logits.Changed(
            one => one.Narrow(0, label, 1).Expand(count), all => all.Narrow(1, label, 1).Expand(all.Size(0), count));
        var low = EnclosedMaps.Sum(space, own, logits, -1).Low.ToArray<double>();
        return ([.. low.Where((_, j) => j != label)], "");
    }

    private Enclosure? Run(EnclosureSpace space, Tensor example, CancellationToken cancellation, out string why)
    {
        var found = _enclosures.Of(space, example.To(Device.Cpu).To(ScalarType.Float64), cancellation);
        why = found.Why;
        return found.Output;
    }
}
