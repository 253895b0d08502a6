using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Measures;
using Occam.Measures.Sharpness;
using Occam.Networks.Loading;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>The sharpness of a trained network (Neyshabur et al. 2017, §2.4 and Appendix A).</summary>
/// <param name="Trained">The network.</param>
/// <param name="Max">Maximum sharpness, ζ_α of eq. 4.</param>
/// <param name="Curve">Expected sharpness and KL divergence for each size α of the perturbations.</param>
/// <param name="LogKl">log₁₀ of the KL divergence at an expected sharpness of 0.05; NaN where no α of the grid gives that much.</param>
internal sealed record SharpnessValues(TrainedNetwork Trained, double Max, ImmutableArray<SharpnessValues.Point> Curve, double LogKl)
    : NetworkMeasurement(Trained)
{
    /// <summary>Measures.</summary>
    public static SharpnessValues Measure(TrainedNetwork trained, SharpnessSettings settings, Replica replica)
    {
        var context = new MeasureContext(
            new Subject(trained.Network, FinalActivation.Softmax),
            trained.Measured,
            new MeasureOptions { Seed = trained.Seed, Cancellation = replica.Cancellation, Progress = share => replica.Report(share / 2) });
        var expected = settings.Expected.Measurement(context);
        var kl = new KlDivergence().Measurement(context);
        var level = settings.Level.Measurement(context);
        var ascent = settings.Max.Measurement(new MeasureContext(
            context.Subject, context.Data, context.Options with { Progress = share => replica.Report((1 + share) / 2) }));
        return new SharpnessValues(
            trained,
            ascent.Value ?? double.NaN,
            [
                .. settings.Expected.Grid!.Select(alpha => new Point(
                    alpha,
                    expected.Detail($"alpha={ExpectedSharpness.SizeName(alpha)}"),
                    expected.Detail($"alpha={ExpectedSharpness.SizeName(alpha)}.standardError"),
                    kl.Value!.Value * Math.Pow(kl.Detail("alpha") / alpha, 2))),
            ],
            Math.Log10(level.Value ?? double.NaN));
    }

    /// <summary>What perturbations of one size do, and their KL divergence.</summary>
    /// <param name="Alpha">The size.</param>
    /// <param name="Sharpness">Expected sharpness.</param>
    /// <param name="StandardError">Its standard error.</param>
    /// <param name="Kl">α⁻² Σ (w/(10|w| + 1))².</param>
    internal sealed record Point(double Alpha, double Sharpness, double StandardError, double Kl);
}
