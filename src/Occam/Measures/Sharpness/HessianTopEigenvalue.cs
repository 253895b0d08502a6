using Occam.Torch;

namespace Occam.Measures.Sharpness;

/// <summary>
/// The largest eigenvalue of the Hessian ∇²_w L of the mean cross-entropy over all data, by the Lanczos process (1950) on exact
/// Hessian-vector products, with full reorthogonalization: until its residual ‖Hv − θv‖ is a thousandth of it, or to the
/// last product allowed. There is an eigenvalue within the residual of every value given, and none of the largest is below its
/// value. Beside it, where they have converged as well, the next largest and the smallest, each with its residual. Of a piecewise-linear
/// network it is the Hessian inside the linear piece that holds the weights. Batch normalization folded; evaluation mode; in the network's
/// precision.
/// </summary>
/// <param name="Products">The most Hessian-vector products: steps of the process.</param>
public sealed record HessianTopEigenvalue(int Products = 40) : SharpnessMeasure(
    "hessian-top-eigenvalue", "Hessian's largest eigenvalue", "Lanczos 1950",
    "$λ_max(∇_w² L)$, $L$ the mean cross-entropy over the data", MeasureNeeds.WeightDerivative)
{
    private const double Tolerance = 1e-3;
    private const int Next = 3;

    // A vector of the basis is as large as the network: of networks so large that they fill the memory, fewer are kept.
    private const long MostElements = 1L << 28;
    private const int FewestSteps = 8;

    /// <inheritdoc/>
    public override string Meaning => "How much the loss bends along the direction of the weights in which it bends most.";

    /// <inheritdoc/>
    public override string? Problem() => Unless(Products >= 1, $"{Products} Lanczos steps", "at least 1");

    private protected override WeightUse Use => WeightUse.Fixed;

    private protected override int Vectors(long size) => Steps(size) + 3;

    private protected override MeasureResult Compute(MeasureContext context, LossSurface surface)
    {
        var steps = Steps(surface.Weights.Size);
        using var generator = new Generator(context.Options.RandomSeed, context.Function.Device);
        using var hessian = surface.Hessian(steps);
        var spectrum = LanczosSpectrum.Of(hessian.Times, surface.Weights.Like, steps, Tolerance, generator);
        var (values, residuals) = (spectrum.Values, spectrum.Residuals);
        var enough = Tolerance * values.Max(Math.Abs);
        (string Name, int At)[] others =
        [
            .. Enumerable.Range(1, Math.Min(Next, values.Length - 1)).Select(i => ($"eigenvalue{i + 1}", i)),
            ("smallest", values.Length - 1),
        ];
        (string Name, int At)[] rough = [.. others.Where(other => !(residuals[other.At] <= enough))];
        return Blank with
        {
            Quantity = spectrum.IsComplete ? values[0] : Uncertain.Iterated(values[0], residuals[0]) with { Side = BoundSide.Lower },
            Details =
            [
                new("residual", residuals[0]), new("converged", spectrum.Converged ? 1 : 0), new("steps", spectrum.Steps),
                .. others.Except(rough).SelectMany(other => new KeyValuePair<string, double>[]
                {
                    new(other.Name, values[other.At]), new($"{other.Name}.residual", residuals[other.At]),
                }),
            ],
            Notes =
            [
                .. spectrum.Converged
                    ? (string[])[]
                    : [$"after {spectrum.Steps} steps the residual is still {Numbers.Format(residuals[0], 3)}: there is an eigenvalue "
                        + "that near, but it need not be the largest"],
                .. spectrum.Converged && rough.Length > 0
                    ? [$"not converged in the {spectrum.Steps} steps that the largest took, and left out: "
                        + string.Join(", ", rough.Select(other => other.Name))]
                    : (string[])[],
            ],
        };
    }

    private int Steps(long size) => (int)Math.Min(Products, Math.Max(FewestSteps, MostElements / size));
}
