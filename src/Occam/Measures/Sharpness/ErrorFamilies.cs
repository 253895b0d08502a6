namespace Occam.Measures.Sharpness;

/// <summary>
/// <c>pacbayes-flatness</c>: 1/σ² (Jiang et al. 2020, eq. 53). <inheritdoc cref="ErrorFamily"/>
/// </summary>
/// <param name="Batch">Examples that a random perturbation is tried on; all where the data are no more.</param>
public sealed record PacBayesFlatness(int Batch = 2048) : ErrorFamily(
    "pacbayes-flatness", "PAC-Bayes flatness", "$1/σ²$, $σ$ raising the training error by 0.1", Batch)
{
    /// <inheritdoc/>
    public override string Meaning => "How little the weights may move at random until the training error rises by a tenth.";

    private protected override double Of(MeasureContext context, WeightSpace weights, double sigma, int examples) =>
        1 / (sigma * sigma);
}

/// <summary>
/// <c>pacbayes-mag-flatness</c>: 1/σ² of the magnitude-aware perturbations (Jiang et al. 2020, eq. 61).
/// <inheritdoc cref="ErrorFamily"/>
/// </summary>
/// <param name="Batch">Examples that a random perturbation is tried on; all where the data are no more.</param>
public sealed record PacBayesMagnitudeFlatness(int Batch = 2048) : ErrorFamily(
    "pacbayes-mag-flatness", "PAC-Bayes flatness by magnitude",
    "$1/σ²$, perturbations $N(0, σ²w_i² + ε²)$ raising the training error by 0.1", Batch, magnitudeAware: true)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "By how small a part of themselves the weights may move at random until the training error rises by a tenth.";

    private protected override double Of(MeasureContext context, WeightSpace weights, double sigma, int examples) =>
        1 / (sigma * sigma);
}

/// <summary>
/// <c>pacbayes-init</c>: ‖w − w⁰‖²/(4σ²) + ln(m/σ) + 10 (Jiang et al. 2020, eq. 48). <inheritdoc cref="ErrorFamily"/>
/// </summary>
/// <param name="Batch">Examples that a random perturbation is tried on; all where the data are no more.</param>
public sealed record PacBayesInitialization(int Batch = 2048) : ErrorFamily(
    "pacbayes-init", "PAC-Bayes, prior at initialization",
    "$‖w − w⁰‖²/(4σ²) + ln(m/σ) + 10$, $σ$ raising the training error by 0.1", Batch, needs: MeasureNeeds.Initial)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "What a bound on the error pays for how far training has moved the weights, measured by how far they may move "
            + "without harm.";

    private protected override double Of(MeasureContext context, WeightSpace weights, double sigma, int examples) =>
        Spherical(weights.SumFrom(context.Subject.Initial!, v => v.Square()), sigma, examples);
}

/// <summary>
/// <c>pacbayes-orig</c>: ‖w‖²/(4σ²) + ln(m/σ) + 10 (Jiang et al. 2020, eq. 49). <inheritdoc cref="ErrorFamily"/>
/// </summary>
/// <param name="Batch">Examples that a random perturbation is tried on; all where the data are no more.</param>
public sealed record PacBayesOrigin(int Batch = 2048) : ErrorFamily(
    "pacbayes-orig", "PAC-Bayes, prior at the origin", "$‖w‖²/(4σ²) + ln(m/σ) + 10$, $σ$ raising the training error by 0.1", Batch)
{
    /// <inheritdoc/>
    public override string Meaning => "What a bound on the error pays for the weights, measured by how far they may move without harm.";

    private protected override double Of(MeasureContext context, WeightSpace weights, double sigma, int examples) =>
        Spherical(weights.Sum(w => w.Square()), sigma, examples);
}

/// <summary>
/// <c>pacbayes-mag-init</c>: ¼ Σ ln((ε² + (σ² + 1)‖w − w⁰‖²/n)/(ε² + σ²(w_i − w_i⁰)²)) + ln(m/σ) + 10 for n weights (Jiang
/// et al. 2020, eq. 56), as printed: the σ is that of perturbations that grow with the weights, and the distances stand in
/// its place. <inheritdoc cref="ErrorFamily"/>
/// </summary>
/// <param name="Batch">Examples that a random perturbation is tried on; all where the data are no more.</param>
public sealed record PacBayesMagnitudeInitialization(int Batch = 2048) : ErrorFamily(
    "pacbayes-mag-init", "PAC-Bayes by magnitude, initial",
    "$¼ Σ_i ln((ε² + (σ² + 1)‖w − w⁰‖²/n)/(ε² + σ²(w_i − w_i⁰)²)) + ln(m/σ) + 10$", Batch, magnitudeAware: true,
    needs: MeasureNeeds.Initial)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "What a bound on the error pays for how far training has moved the weights, each measured by its own size.";

    private protected override double Of(MeasureContext context, WeightSpace weights, double sigma, int examples) =>
        Aware(term => weights.SumFrom(context.Subject.Initial!, term), weights.Size, sigma, examples);
}

/// <summary>
/// <c>pacbayes-mag-orig</c>: ¼ Σ ln((ε² + (σ² + 1)‖w‖²/n)/(ε² + σ²w_i²)) + ln(m/σ) + 10 for n weights (Jiang et al. 2020,
/// eq. 57), with the weight in the denominator, where published code has the distance from initialization: the posterior's
/// variance is σ²w_i² + ε². <inheritdoc cref="ErrorFamily"/>
/// </summary>
/// <param name="Batch">Examples that a random perturbation is tried on; all where the data are no more.</param>
public sealed record PacBayesMagnitudeOrigin(int Batch = 2048) : ErrorFamily(
    "pacbayes-mag-orig", "PAC-Bayes by magnitude, origin",
    "$¼ Σ_i ln((ε² + (σ² + 1)‖w‖²/n)/(ε² + σ²w_i²)) + ln(m/σ) + 10$", Batch, magnitudeAware: true)
{
    /// <inheritdoc/>
    public override string Meaning => "What a bound on the error pays for the weights, each measured by its own size.";

    private protected override double Of(MeasureContext context, WeightSpace weights, double sigma, int examples) =>
        Aware(weights.Sum, weights.Size, sigma, examples);
}
