using System.Collections.Immutable;
using MathNet.Numerics.Statistics;
using Occam.Torch;

namespace Occam.Measures.Posterior;

/// <summary>Draws of several chains from a <see cref="LocalPosterior"/>, and the learning coefficient that they give.</summary>
/// <param name="Density">The density.</param>
/// <param name="Chains">The draws, chain by chain.</param>
internal sealed record PosteriorSample(LocalPosterior Density, ImmutableArray<ChainDraw[]> Chains)
{
    /// <summary>The largest R̂ of chains that are said to agree.</summary>
    public const double LargestRHat = 1.05;

    /// <summary>The least <see cref="Explored"/> of chains that are said to have got around.</summary>
    public const double LeastExplored = 0.9;

    /// <summary>The fewest effective draws of which anything is said.</summary>
    public const double FewestEffective = 50;

    /// <summary>λ̂ = nβ (E[L(w)] − L(w*)) (Lau et al. 2023), by the chains' draws.</summary>
    public ChainAgreement Coefficient => field ??=
        ChainAgreement.Of([.. Chains.Select(chain => Array.ConvertAll(chain, draw => Density.InverseTemperature * draw.Loss))]);

    /// <summary>
    /// E[(w − w*)·(nβ ∇L(w) + γ(w − w*))]/d, which is 1 of the density (by parts): it begins at 0, for the chains begin at w*, and is the
    /// share of the directions that they have got to know.
    /// </summary>
    public ChainAgreement Explored => field ??= ChainAgreement.Of([.. Chains.Select(chain => Array.ConvertAll(chain, draw =>
        ((Density.InverseTemperature * draw.Work) + (Density.Localization * draw.SquaredDistance)) / Density.Origin.Length))]);

    /// <summary>
    /// ∂ ln λ̂/∂ ln γ = −(γ/2) Cov(L, ‖w − w*‖²)/(E[L] − L(w*)): how much of λ̂ is owed to the localization. Near 0 where it only keeps the
    /// weights from wandering off.
    /// </summary>
    public double LocalizationElasticity
    {
        get
        {
            ChainDraw[] all = [.. Chains.SelectMany(chain => chain)];
            var covariance = all.Select(draw => draw.Loss).Covariance(all.Select(draw => draw.SquaredDistance));
            return -Density.Localization / 2 * covariance / all.Average(draw => draw.Loss);
        }
    }

    /// <summary>Why the chains' mean means nothing, or null where they agree and have got around.</summary>
    public string? Problem =>
        !(Coefficient.RHat <= LargestRHat)
            ? FormattableString.Invariant($"R̂ = {Coefficient.RHat:F2}, where at most {LargestRHat} is trusted")
        : Coefficient.EffectiveSize < FewestEffective
            ? FormattableString.Invariant(
                $"{Coefficient.EffectiveSize:F0} effective draws of {Chains.Sum(chain => chain.Length)}, fewer than {FewestEffective}")
        : Explored.Mean + (3 * Explored.StandardError) < LeastExplored
            ? FormattableString.Invariant(
                $"they have explored {Explored.Mean:P0} of the directions around the weights, where {LeastExplored:P0} are wanted")
        : null;

    /// <summary>Runs chains side by side, each with random numbers of its own: the same draws, however many run at a time.</summary>
    /// <param name="density">The density.</param>
    /// <param name="chains">How many chains.</param>
    /// <param name="draws">The draws of each; it warms up for half as long.</param>
    /// <param name="begin">Begins the chain of a number.</param>
    /// <param name="progress">Receives the share of the work that is done.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <param name="width">How many chains run at a time; libtorch's threads when left out.</param>
    public static PosteriorSample Of(
        LocalPosterior density, int chains, int draws, Func<int, IChain> begin, Action<double>? progress = null,
        CancellationToken cancellation = default, int? width = null)
    {
        var drawn = new ChainDraw[chains][];
        var (done, warm) = (0, draws / 2);
        Workers.Run(chains, width ?? Libtorch.Threads, cancellation, (number, stop) =>
        {
            void Advance()
            {
                stop.ThrowIfCancellationRequested();
                progress?.Invoke(Interlocked.Increment(ref done) / (double)(chains * (draws + warm)));
            }

            var chain = begin(number);
            chain.Warm(warm, Advance);
            drawn[number] = new ChainDraw[draws];
            for (var draw = 0; draw < draws; draw++)
            {
                drawn[number][draw] = chain.Draw();
                Advance();
            }
        });
        return new PosteriorSample(density, [.. drawn]);
    }
}
