using Occam.Measures;
using Occam.Measures.Curvature;
using static Occam.Bench.PeerPrograms;

namespace Occam.Bench;

/// <summary>The density of the Hessian's eigenvalues.</summary>
internal static class SpectralDensityRow
{
    /// <summary>The row.</summary>
    public static BenchRow Row { get; } = new(
        "spectral-density", "spectral density of the Hessian of a network of 100,000 parameters, 1,000 examples", 1.2,
        [
            new PeerProgram(
                $"Lanczos quadrature, {Kept}", "peers_spectral_density.py", Asked("spectral-density", "mlp-100k", "digits-labelled", null)),
        ],
        () => OccamWork.Measure(
            "mlp-100k", "digits-labelled", [new SpectralDensity()],
            results => [results[0].Estimate("trace"), results[0].Estimate("squaredNorm")]))
    {
        MostSeconds = 20,
        MostOfPeersMemory = 2,
        MostRounds = 5,
    };
}
