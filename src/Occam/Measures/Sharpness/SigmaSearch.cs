namespace Occam.Measures.Sharpness;

/// <summary>
/// The σ at which random perturbations raise the training error by a tenth (Jiang et al. 2020, Appendix C; Dziugaite et al.
/// 2020, Appendix C.6), by bisection of ln σ. The draws are the same for every σ, so that the error is one
/// function of it, and each is on all the data, or on a mini-batch of the options' examples where the data are more.
/// </summary>
/// <param name="Sigma">The middle of the last interval.</param>
/// <param name="Lower">Its lower end, where the error is raised by less; 0 where it is raised by more for any σ tried.</param>
/// <param name="Upper">Its upper end; infinite where the error isn't raised so much for any σ tried.</param>
/// <param name="Deviation">How much the error is raised at σ.</param>
/// <param name="Steps">The number of σ evaluated.</param>
/// <param name="Slope">How fast the rise grows with ln σ there; NaN where the search failed.</param>
internal sealed record SigmaSearch(double Sigma, double Lower, double Upper, Uncertain Deviation, int Steps, double Slope = double.NaN)
{
    /// <summary>The rise of the error that is searched for.</summary>
    public const double Target = 0.1;

    /// <summary>The tolerance of that rise: Dziugaite et al. 2020.</summary>
    public const double Tolerance = 0.01;

    private const double Smallest = 1e-6;
    private const double Largest = 1e2;
    private const double Narrow = 1.001;

    // On either side of ln σ, for the slope: the error is a step function of it, on data that are few.
    private const double Reach = 0.25;

    /// <summary>The maximal number of σ to evaluate.</summary>
    public static readonly int MostSteps = 2 + (int)Math.Ceiling(Math.Log2(Math.Log(Largest / Smallest) / Math.Log(Narrow)));

    /// <summary>Whether the error is raised by as much as asked for, within the tolerance.</summary>
    public bool Converged => Math.Abs(Deviation.Value - Target) <= Tolerance;

    /// <summary>
    /// How far ln σ may be from where the rise is what is searched for, as a standard error: of the rise at σ, which comes from few draws,
    /// and its distance from what is searched for, both over the slope. NaN where the slope isn't known.
    /// </summary>
    public double LogError => Slope > 0 ? double.Hypot(Deviation.StandardError, Deviation.Value - Target) / Slope : double.NaN;

    /// <summary>
    /// The 95 % interval of the σ at which the rise is what is searched for: σ corrected by the distance that is left, and the rise's
    /// own interval, both over the slope. Null where the slope or the error isn't known.
    /// </summary>
    public Interval? Interval95
    {
        get
        {
            if (!(Slope > 0) || Deviation.UnknownIfAlike().Interval95 is not { } rise)
            {
                return null;
            }

            double At(double end) => Sigma * Math.Exp((Target - end) / Slope);
            return new Interval(At(rise.High), At(rise.Low));
        }
    }

    /// <summary>Searches for σ by bisection.</summary>
    /// <param name="deviation">The rise of the error at a σ, with its standard error; the second argument is the share of the search
    /// that is done.</param>
    public static SigmaSearch Of(Func<double, double, Uncertain> deviation)
    {
        var (low, high) = (Smallest, Largest);
        var (lower, upper) = (0.0, double.PositiveInfinity);
        for (var step = 1; ; step++)
        {
            var sigma = Math.Sqrt(low * high);
            var found = deviation(sigma, Done(step - 1));
            if (Math.Abs(found.Value - Target) <= Tolerance)
            {
                var (below, above) = (deviation(sigma * Math.Exp(-Reach), Done(step)), deviation(sigma * Math.Exp(Reach), Done(step + 1)));
                return new SigmaSearch(sigma, lower, upper, found, step, (above.Value - below.Value) / (2 * Reach));
            }

            if (step == MostSteps - 2)
            {
                return new SigmaSearch(sigma, lower, upper, found, step);
            }

            if (found.Value > Target)
            {
                (high, upper) = (sigma, sigma);
            }
            else
            {
                (low, lower) = (sigma, sigma);
            }
        }
    }

    private static double Done(int evaluated) => (double)evaluated / MostSteps;
}
