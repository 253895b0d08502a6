using Occam.Measures.Sharpness;
using Occam.Torch;

namespace Occam.Measures.Curvature;

/// <summary>
/// How the eigenvalues of a matrix of how the mean loss bends (<see cref="CurvatureMatrix"/>) are distributed, by stochastic Lanczos
/// quadrature (Ubaru, Chen and Saad 2017; of networks Ghorbani, Krishnan and Xiao 2019): from each of a few random vectors of signs the
/// Lanczos process with full reorthogonalization gives nodes θ and weights w, and Σ w f(θ) estimates the mean of f over the eigenvalues.
/// The curve is the density smoothed by a normal distribution, with its error at each place.
/// <para>
/// The value is the effective number of parameters, Σ_i max(λ_i, 0)/(max(λ_i, 0) + z) (MacKay 1992; Maddox, Benton and Wilson 2020). Its
/// error is that of the mean over the vectors, and beside it, as a root of squares, what the second half of the steps changed: more than
/// what more steps would, where it converges. It does so fast where no eigenvalue is negative, slowly where the function's kink at 0 lies
/// among them.
/// </para>
/// </summary>
/// <param name="Of">Of which matrix.</param>
/// <param name="Z">z, on the scale of the eigenvalues of the mean loss.</param>
/// <param name="Draws">Random vectors.</param>
/// <param name="Steps">Steps of the Lanczos process from each: matrix–vector products over all data.</param>
/// <param name="Smoothing">The standard deviation of the smoothing, as a part of the range of the nodes.</param>
public sealed record SpectralDensity(
    CurvatureMatrix Of = CurvatureMatrix.Hessian, double Z = 0.1, int Draws = 5, int Steps = 60, double Smoothing = 0.01)
    : CurvatureMeasure(
    "spectral-density", "Effective number of parameters", "Ubaru et al. 2017; Ghorbani et al. 2019; MacKay 1992",
    "$Σ_i max(λ_i, 0)/(max(λ_i, 0) + z)$ over the eigenvalues; beside it their density by stochastic Lanczos quadrature")
{
    private const int Places = 240;

    // Beyond the outermost nodes, in standard deviations of the smoothing.
    private const double Margin = 4;

    /// <inheritdoc/>
    public override string Meaning => "How many directions of the weights the data hold in place.";

    /// <inheritdoc/>
    public override string? Problem() =>
        Unless(Z > 0 && double.IsFinite(Z), $"z = {Z}", "a positive number")
        ?? Unless(Draws >= 2, $"a standard error from {Draws} vectors", "at least 2")
        ?? Unless(Steps >= 2, $"{Steps} Lanczos steps", "at least 2")
        ?? Unless(Smoothing is > 0 and <= 1, $"a smoothing by {Smoothing} of the range", "a number above 0, at most 1");

    private protected override int Vectors(long size) => Steps + 4;

    private protected override MeasureResult Compute(MeasureContext context, ParameterLoss loss)
    {
        var like = loss.Weights.Like;
        var size = (double)loss.Weights.Size;
        using var generator = new Generator(context.Options.RandomSeed, context.Function.Device);
        using var matrix = loss.Curvature(Of, Draws * Steps);
        var spectra = new LanczosQuadrature[Draws];
        for (var draw = 0; draw < Draws; draw++)
        {
            using var scope = Libtorch.NewDisposeScope();
            var signs = RandomSigns.Like(like, generator);
            spectra[draw] = LanczosQuadrature.Of(
                vector => matrix.Times([vector])[0], signs.MultiplyInPlace(1 / Math.Sqrt(size)), Steps);
        }

        var (smallest, largest) = (spectra.Min(spectrum => spectrum.Nodes.Min()), spectra.Max(spectrum => spectrum.Nodes.Max()));
        var deviation = Smoothing * (largest > smallest ? largest - smallest : Math.Max(Math.Abs(largest), 1));
        var (mean, square, absolute) = (Mean(spectra, node => node), Mean(spectra, node => node * node), Mean(spectra, Math.Abs));
        return Blank with
        {
            Quantity = Mean(spectra, node => Math.Max(node, 0) / (Math.Max(node, 0) + Z)) * size,
            Curve = double.IsFinite(deviation) ? Density(spectra, smallest, largest, deviation) : null,
            Details =
            [
                .. UncertainDetails.Named("trace", mean * size), .. UncertainDetails.Named("squaredNorm", square * size),
                .. UncertainDetails.Named("magnitude", absolute * size),
                .. UncertainDetails.Named("negative", Mean(spectra, node => Math.Max(-node, 0)) * size),
                new("smallest", smallest), new("largest", largest), new("z", Z), new("deviation", deviation),
                new("products", spectra.Sum(spectrum => spectrum.Nodes.Length)),
            ],
            Notes =
            [
                $"from {Draws} random vectors, {Steps} steps each at most (seed {context.Options.Seed}); the density is smoothed by a "
                    + $"normal distribution of deviation {Numbers.Format(deviation, 3)}",
                "'smallest' and 'largest' are of the quadratures' nodes: no eigenvalues, and none is beyond the true ones",
                .. NotesOn(Of),
            ],
        };
    }

    private static Uncertain Mean(LanczosQuadrature[] spectra, Func<double, double> f)
    {
        var mean = Uncertain.Mean([.. spectra.Select(spectrum => spectrum.MeanOf(f))]);
        var change = mean.Value - spectra.Average(spectrum => (spectrum.Half ?? spectrum).MeanOf(f));
        return mean with { StandardError = Math.Sqrt((mean.StandardError * mean.StandardError) + (change * change)) };
    }

    private static MeasureCurve Density(LanczosQuadrature[] spectra, double smallest, double largest, double deviation)
    {
        var (low, high) = (smallest - (Margin * deviation), largest + (Margin * deviation));
        double[] places = [.. Enumerable.Range(0, Places).Select(i => low + ((high - low) * i / (Places - 1)))];
        double At(double place, double node)
        {
            var distance = (place - node) / deviation;
            return Math.Exp(-distance * distance / 2) / (deviation * Math.Sqrt(2 * Math.PI));
        }

        Uncertain[] heights = [.. places.Select(place => Mean(spectra, node => At(place, node)))];
        return new MeasureCurve("eigenvalue", "density of the eigenvalues", [.. places], [.. heights]) { IsPositive = true };
    }
}
