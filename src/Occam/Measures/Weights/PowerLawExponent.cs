using System.Collections.Immutable;
using Occam.Networks;
using Occam.Networks.Inspection;

namespace Occam.Measures.Weights;

/// <summary>
/// The mean over the layers of α, where the largest eigenvalues of W Wᵀ fall off like the power law p(λ) ∝ λ^(−α), λ ≥ λ_min (Martin and
/// Mahoney 2021, who read small α as heavy correlations): by maximum likelihood, with λ_min where the Kolmogorov–Smirnov distance is
/// least (Clauset, Shalizi and Newman 2009). A layer counts only where the law is plausible: where at least a tenth of samples of the
/// law itself lie further from their fits (p ≥ 0.1, their §4.1), where it is more likely than an exponential tail beyond chance (their
/// §5, at 10 %), and where there are 50 eigenvalues or more. No grade is given to others: the spectrum of independent numbers has a tail
/// that is hardly told from a steep power law's.
/// <para>
/// The interval is that of the bootstrap. It, and p, take eigenvalues for independent numbers, which those of one matrix are not. Each
/// stored tensor once; convolutions by reshaped matrices; float64.
/// </para>
/// </summary>
/// <param name="Samples">Samples of the bootstrap, and of the law, for each layer.</param>
public sealed record PowerLawExponent(int Samples = 200) : WeightMeasure(
    "power-law-exponent", "Power-law exponent of the spectra", "Martin and Mahoney 2021; Clauset et al. 2009, eq. 3.1",
    "$1/d Σ_i α_i$ over the layers where eigenvalues of $W Wᵀ$ plausibly have the density $∝ λ^{−α}$ from $λ_min$ on")
{
    private const int FewestSamples = 20;

    /// <inheritdoc/>
    public override string Meaning =>
        "How heavy the tails of the weights’ spectra are: a small exponent means that a few directions are far stronger "
            + "than most.";

    /// <inheritdoc/>
    public override string? Problem() =>
        Unless(Samples >= FewestSamples, $"{Samples} samples of the bootstrap", $"at least {FewestSamples}");

    private protected override MeasureResult Of(MeasureContext context, ImmutableArray<WeightLayer> layers)
    {
        var fits = PowerLawFit.Of(context, Samples);
        PowerLawFit[] plausible = [.. fits.Where(fit => fit.Why is null)];
        var result = Blank with
        {
            Skipped = [.. fits.Where(fit => fit.Why is not null).Select(fit => new SkippedNode(fit.Name, fit.Why!))],
            Details =
            [
                new("layers", fits.Length), new("plausibleLayers", plausible.Length),
                .. fits.Where(fit => fit.Tail is not null).SelectMany(fit => new KeyValuePair<string, double>[]
                {
                    new($"{fit.Name}: p", fit.Plausibility), new($"{fit.Name}: from", fit.Tail!.Value.From),
                    new($"{fit.Name}: tail", fit.Tail.Value.Count), new($"{fit.Name}: distance", fit.Tail.Value.Distance),
                    new($"{fit.Name}: aboveExponential", fit.AboveExponential),
                }),
            ],
        };
        return plausible.Length == 0
            ? result with { NotApplicable = $"has no layer whose eigenvalues may be of a power law: {fits[0].Why} ('{fits[0].Name}')" }
            : result with
            {
                // The layers' numbers are independent of each other.
                Quantity = Uncertain.Estimated(
                    plausible.Average(fit => fit.Alpha.Value),
                    Math.Sqrt(plausible.Sum(fit => fit.Alpha.StandardError * fit.Alpha.StandardError)) / plausible.Length),
                Layers = [.. plausible.Select(fit => new LayerValue(fit.Name, fit.Alpha))],
                Notes = [$"by layer: α, where a power law is plausible (p ≥ 0.1; {Samples} samples, seed {context.Options.Seed})"],
            };
    }
}
