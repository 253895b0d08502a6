using Occam.Torch;

namespace Occam.Measures.Sharpness;

/// <summary>
/// The PAC-Bayes measures of Jiang et al. 2020 ("Fantastic generalization measures and where to find them", Appendix C; the forms
/// without the root over m, which orders networks trained on equally many examples alike) and Dziugaite et al. 2020 ("In search of
/// robust measures of generalization", Appendix C.6, whose forms √(·/m) are the detail <c>overExamples</c>). σ is the size of the
/// perturbations that raise the training error by 0.1: of ν ~ N(0, σ²), or, aware of magnitudes, of ν_i ~ N(0, σ²w_i² + ε²) with ε = 10⁻³.
/// <para>
/// These are standard deviations: code published with the papers passes σ² and σ²w² + ε² where a sampler expects a standard
/// deviation. Weights are all parameters, batch normalization folded, biases too.
/// </para>
/// <para>
/// The standard error says how far σ may be from where the expected error is raised by 0.1: from the few draws, and from how far the
/// rise at σ is from 0.1.
/// </para>
/// </summary>
public abstract record ErrorFamily : SharpnessMeasure
{
    /// <summary>ε, below which the magnitude of a weight no longer counts.</summary>
    private protected const double Epsilon = 1e-3;

    // Dziugaite et al. 2020 take 10 draws on all data, Jiang et al. 15.
    private const int Draws = 15;

    // Whether perturbations grow with the weights.
    private readonly bool _magnitudeAware;

    /// <summary>Says what a measure is.</summary>
    private protected ErrorFamily(
        string id, string title, string definition, int batch, bool magnitudeAware = false, MeasureNeeds needs = MeasureNeeds.None)
        : base(id, title, "Jiang et al. 2020; Dziugaite et al. 2020", definition, needs) =>
        (Batch, _magnitudeAware) = (batch, magnitudeAware);

    /// <summary>Examples that a random perturbation is tried on; all where the data are no more.</summary>
    public int Batch { get; init; }

    /// <inheritdoc/>
    public override string? Problem() => PerturbationProblems.OfBatch(Batch);

    /// <summary>The measure, of the weights in float64 and m examples, for the σ found.</summary>
    private protected abstract double Of(MeasureContext context, WeightSpace weights, double sigma, int examples);

    /// <summary>‖v‖²/(4σ²) + ln(m/σ) + 10 for the squared norm of the displacement v from the prior's mean.</summary>
    private protected static double Spherical(double squared, double sigma, int examples) =>
        (squared / (4 * sigma * sigma)) + Math.Log(examples / sigma) + 10;

    /// <summary>
    /// ¼ Σ ln((ε² + (σ² + 1)‖v‖²/n)/(ε² + σ²v_i²)) + ln(m/σ) + 10 for a displacement v of n weights.
    /// </summary>
    /// <param name="sum">Σ over the v_i of a function of each.</param>
    /// <param name="count">n.</param>
    /// <param name="sigma">σ.</param>
    /// <param name="examples">m.</param>
    private protected static double Aware(Func<Func<Tensor, Tensor>, double> sum, long count, double sigma, int examples)
    {
        var squared = sigma * sigma;
        var prior = (Epsilon * Epsilon) + ((squared + 1) * (sum(v => v.Square()) / count));
        var logarithms = (count * Math.Log(prior)) - sum(v => ((v.Square() * squared) + (Epsilon * Epsilon)).Log());
        return (logarithms / 4) + Math.Log(examples / sigma) + 10;
    }

    private protected sealed override MeasureResult Compute(MeasureContext context, LossSurface surface)
    {
        var search = context.Shared(new Key(_magnitudeAware, Batch), () => Search(context, surface));
        if (!double.IsFinite(search.Upper) && !search.Converged)
        {
            return Blank with
            {
                NotApplicable = $"needs a σ at which the training error rises by {SigmaSearch.Target}, and up to "
                + $"{Numbers.Format(search.Sigma, 3)} it rises by {Numbers.Format(search.Deviation.Value, 3)}"
            };
        }

        if (search.Lower == 0 && !search.Converged)
        {
            return Blank with
            {
                NotApplicable = $"needs a σ at which the training error rises by {SigmaSearch.Target}, and down to "
                + $"{Numbers.Format(search.Sigma, 3)} it rises by {Numbers.Format(search.Deviation.Value, 3)}"
            };
        }

        var value = Of(context, surface.Weights, search.Sigma, surface.Examples);
        return Blank with
        {
            Quantity = Quantity(search, value, sigma => Of(context, surface.Weights, sigma, surface.Examples)),
            Details =
            [
                new("overExamples", Math.Sqrt(Math.Max(value, 0) / surface.Examples)), new("sigma", search.Sigma),
                .. UncertainDetails.Named("deviation", search.Deviation),
                new("converged", search.Converged ? 1 : 0), new("steps", search.Steps),
            ],
            Notes =
            [
                $"σ was {(search.Converged ? "found" : "not found")} in {search.Steps} steps of bisection with {Draws} draws each (seed "
                    + $"{context.Options.Seed}): the training error rises by "
                        + $"{Numbers.Format(search.Deviation.Value, 3)} ± {Numbers.Format(search.Deviation.StandardError, 2)} where "
                        + $"{SigmaSearch.Target} is sought, to within {SigmaSearch.Tolerance}; "
                    + "the standard error and the interval have both, through the slope of the error at σ",
            ],
        };
    }

    // The value's error is that of σ, through the formula.
    private static Uncertain Quantity(SigmaSearch search, double value, Func<double, double> of)
    {
        if (search.Interval95 is not { } interval)
        {
            return Uncertain.WithoutError(value);
        }

        var factor = Math.Exp(search.LogError);
        double[] ends = [of(interval.Low), of(interval.High)];
        return Uncertain.Estimated(value, Math.Abs(of(search.Sigma / factor) - of(search.Sigma * factor)) / 2, Draws) with
        {
            Interval95 = new Interval(ends.Min(), ends.Max()),
        };
    }

    private SigmaSearch Search(MeasureContext context, LossSurface surface)
    {
        var own = surface.Errors;
        return SigmaSearch.Of((sigma, done) =>
        {
            using var scope = Libtorch.NewDisposeScope();
            Tensor Scale(Tensor w) => ((w.Square() * (sigma * sigma)) + (Epsilon * Epsilon)).Sqrt();
            using var noise = new GaussianNoise(context, surface, _magnitudeAware ? Scale : null);
            var batches = new MiniBatches(context, Batch);
            var rises = new double[Draws];
            for (var i = 0; i < Draws; i++)
            {
                using var drawn = Libtorch.NewDisposeScope();
                var batch = batches.Next();
                noise.Draw();
                noise.Move(_magnitudeAware ? 1 : sigma);
                rises[i] = surface.On(batch).Error - batch.Indices.Average(example => own[example]);
                context.Options.Progress?.Invoke(done + ((i + 1.0) / Draws / SigmaSearch.MostSteps));
            }

            surface.Weights.Return();
            return Uncertain.Mean(rises);
        });
    }

    private readonly record struct Key(bool MagnitudeAware, int Batch);
}
