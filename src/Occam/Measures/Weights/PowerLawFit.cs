using System.Collections.Immutable;
using System.Globalization;
using Occam.Torch;

namespace Occam.Measures.Weights;

/// <summary>The power law fitted to a matrix's spectrum, and whether it gets a grade: <see cref="PowerLawExponent"/> says when.</summary>
/// <param name="Name">The layer.</param>
/// <param name="Tail">The law; null where none can be fitted.</param>
/// <param name="Alpha">α with its error by the bootstrap.</param>
/// <param name="Plausibility">p: the share of samples of the law that lie further from their fits.</param>
/// <param name="AboveExponential">By how many standard deviations it is more likely than an exponential tail.</param>
/// <param name="Why">Why it gets no grade; null where it does.</param>
internal sealed record PowerLawFit(
    string Name, PowerLawTail? Tail, Uncertain Alpha, double Plausibility, double AboveExponential, string? Why)
{
    private const double LeastPlausible = 0.1;

    // The 90th percentile of the normal law.
    private const double LeastAbove = 1.2816;

    // Apart from the streams of examples.
    private const long Stream = 0x7461696c;

    /// <summary>Fits to the layers of what a context measures, computed once a run.</summary>
    /// <param name="context">The context.</param>
    /// <param name="samples">Samples of the bootstrap, and of the law.</param>
    public static ImmutableArray<PowerLawFit> Of(MeasureContext context, int samples) => context.Shared(new Key(samples), () =>
    {
        var spectra = WeightSpectrum.Of(context);
        var fits = new PowerLawFit[spectra.Length];
        var done = 0;
        Workers.Run(spectra.Length, context.Options.Threads ?? Libtorch.Threads, context.Options.Cancellation, (i, _) =>
        {
            fits[i] = Of(
                spectra[i].Layer.Name, spectra[i].Eigenvalues, samples, new SeededRandom(context.Options.Seed, Stream + i));
            context.Options.Progress?.Invoke((double)Interlocked.Increment(ref done) / fits.Length);
        });
        return new Known([.. fits]);
    }).Fits;

    /// <summary>Fits a law to a spectrum.</summary>
    /// <param name="name">What the matrix is called.</param>
    /// <param name="eigenvalues">The spectrum; values above 0 count.</param>
    /// <param name="samples">Samples of the bootstrap, and of the law.</param>
    /// <param name="random">Draws them.</param>
    public static PowerLawFit Of(string name, ImmutableArray<double> eigenvalues, int samples, SeededRandom random)
    {
        double[] values = [.. eigenvalues];
        if (PowerLawTail.Of(values) is not { } tail)
        {
            var positive = values.Count(value => value > 0);
            return new PowerLawFit(name, null, default, double.NaN, double.NaN, positive < PowerLawTail.Fewest
                ? $"{positive} eigenvalues above 0, where a fit needs {PowerLawTail.Fewest}"
                : "its eigenvalues are alike");
        }

        var (p, above) = (tail.Plausibility(values, samples, random), tail.AboveExponential(values));
        var why = p < LeastPlausible ? string.Create(CultureInfo.InvariantCulture, $"a power law is implausible, p = {p:F3}: no grade")
            : above < LeastAbove ? string.Create(
                CultureInfo.InvariantCulture,
                $"a power law of {tail.Alpha:F1} isn't told from an exponential tail by {tail.Count} eigenvalues: no grade")
            : null;
        return new PowerLawFit(name, tail, tail.Interval(values, samples, random), p, above, why);
    }

    private sealed record Known(ImmutableArray<PowerLawFit> Fits);

    private readonly record struct Key(int Samples);
}
