using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Measures;
using Occam.Measures.Sharpness;
using Occam.Networks.Loading;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>The sharpness of a trained network (Neyshabur et al. 2017, §2.4 and Appendix A).</summary>
/// <param name="Trained">How its training ended.</param>
/// <param name="Max">Maximum sharpness, ζ_α of eq. 4.</param>
/// <param name="Curve">Expected sharpness and KL divergence by the size α of the perturbations, ascending.</param>
internal sealed record SharpnessValues(TrainedRun Trained, double Max, ImmutableArray<SharpnessPoint> Curve) : NetworkMeasurement(Trained)
{
    /// <summary>The expected sharpness at which the paper compares networks.</summary>
    public const double PaperLevel = 0.05;

    /// <summary>The levels of expected sharpness at which curves are compared.</summary>
    public static readonly ImmutableArray<double> Levels = [PaperLevel, 0.1, 0.2];

    /// <summary>log₁₀ of the KL divergence at a level of expected sharpness; NaN where no α of the grid gives that much.</summary>
    public double LogKl(double level = PaperLevel) =>
        PacBayesCurve.Interpolate([.. Curve.Select(point => (point.Sharpness, point.Kl))], level) is { } found
            ? found.LogKl / Math.Log(10)
            : double.NaN;

    /// <summary>Measures.</summary>
    internal static SharpnessValues Measure(TrainedNetwork trained, SharpnessSettings settings, Replica replica)
    {
        var context = new MeasureContext(
            new Subject(trained.Network, FinalActivation.Softmax),
            trained.Measured,
            new MeasureOptions { Seed = trained.Seed, Cancellation = replica.Cancellation, Progress = share => replica.Report(share / 2) });
        var expected = settings.Expected.Measurement(context);
        var kl = new KlDivergence().Measurement(context);
        var ascent = settings.Max.Measurement(new MeasureContext(
            context.Subject, context.Data, context.Options with { Progress = share => replica.Report((1 + share) / 2) }));
        return new SharpnessValues(
            trained.Run,
            ascent.Value ?? double.NaN,
            [
                .. settings.Expected.Curve(expected).Select(point => new SharpnessPoint(
                    point.Size,
                    point.Increase.Value,
                    point.Increase.StandardError,
                    (kl.Value ?? double.NaN) * Math.Pow(kl.Detail("alpha") / point.Size, 2))),
            ]);
    }
}
