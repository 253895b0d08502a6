using System.Text.Json.Nodes;
using Occam.Measures.Curvature;
using static Occam.Bench.PeerPrograms;

namespace Occam.Bench;

/// <summary>The largest eigenvalues of the Gauss–Newton matrix.</summary>
internal static class GaussNewtonRow
{
    private const int Count = 10;

    /// <summary>The row.</summary>
    public static BenchRow Row { get; } = new(
        "gauss-newton", "ten largest eigenpairs of the Gauss–Newton matrix, VGG, 128 images", 1.5,
        [Of("Lanczos, both passes recorded once", false), Of("Lanczos, a pass forward in forward mode and one back", true)],
        () => OccamWork.Measure(
            "vgg", "photographs-128", [new CurvatureEigenvalues(Count, CurvatureMatrix.GaussNewton)],
            results =>
            [
                results[0].Value!.Value,
                .. Enumerable.Range(2, Count - 1).Select(i => Uncertain.WithoutError(results[0].Detail($"eigenvalue{i}"))),
            ]))
    {
        MostOfPeersMemory = 2,
        MostRounds = 5,
    };

    private static PeerProgram Of(string trick, bool forward) => new(
        trick, "peers_gauss_newton.py", Asked("gauss-newton", "vgg", "photographs-128", new JsonObject { ["forward"] = forward }));
}
