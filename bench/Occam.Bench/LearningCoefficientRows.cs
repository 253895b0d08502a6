using System.Text.Json.Nodes;
using Occam.Measures.Posterior;
using static Occam.Bench.PeerPrograms;

namespace Occam.Bench;

/// <summary>
/// The local learning coefficient by Langevin dynamics: four chains of 1,000 draws of ten steps each, after half as many to warm up. Once
/// against the way of the usual tools, and once against the best that is known.
/// </summary>
internal static class LearningCoefficientRows
{
    private const string Title = "learning coefficient of a network of 10,000 parameters, 4 × 1,000 draws of ten steps";

    /// <summary>The rows.</summary>
    public static IEnumerable<BenchRow> All =>
    [
        Of("learning-coefficient", Title, 10, [Peer("an optimizer's step a loaded batch, chain after chain", "usual")]),
        Of("learning-coefficient-best", "the same, against steps with nothing to spare", 1.2,
        [
            Peer("chain after chain, batches by index", "loop"), Peer("chains stacked, gradients by hand", "stacked"),
        ]),
    ];

    private static BenchRow Of(string id, string title, double must, PeerProgram[] peers) => new(
        id, title, must, [.. peers],
        () => OccamWork.Measure("mlp-10k", "digits-small", [new LearningCoefficient(Draws: 1000, Batch: 64)]))
    {
        MostRounds = 2,
    };

    private static PeerProgram Peer(string trick, string way) => new(
        trick, "peers_learning_coefficient.py",
        Asked("learning-coefficient", "mlp-10k", "digits-small", new JsonObject { ["way"] = way }));
}
