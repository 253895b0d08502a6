using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Occam.Measures;
using Occam.Measures.Loss;
using Occam.Measures.Regions;
using Occam.Measures.Sharpness;
using Occam.Measures.Slope;
using Occam.Measures.Weights;
using static Occam.Bench.PeerPrograms;

namespace Occam.Bench;

/// <summary>Several measures at once, against the sum of the programs for each.</summary>
internal static class TogetherRows
{
    /// <summary>The rows.</summary>
    public static IEnumerable<BenchRow> All =>
    [
        new BenchRow(
            "several-mlp", "GC, energy, Lipschitz constants and margins at once, MLP", 1.5,
            [
                SlopeProgram("mlp", "float32", Slope(ByHand, "by-hand")),
                SlopeProgram("mlp", "float32", Slope("the same, Gram matrices' eigenvalues", "stretch-by-hand")),
            ],
            () => OccamWork.Measure("mlp", "digits-2000", DefaultSet, Slopes))
        {
            PeersAddUp = true,
        },
        new BenchRow(
            "several-resnet18", "the same, ResNet-18, 32 images", 1.5,
            [
                SlopeProgram("resnet18", "float32", Slope(Folded + ", channels last", "folded-last")),
                SlopeProgram("resnet18", "float32", Slope("the same, Gram's eigenvalues", "stretch")),
            ],
            () => OccamWork.Measure("resnet18", "photographs-32", DefaultSet, Slopes))
        {
            PeersAddUp = true,
        },
        AllAtOnce(),
    ];

    // Each measure with a row above that takes this network: others have no program to be compared with.
    private static BenchRow AllAtOnce()
    {
        const int Images = 8;
        (string, string, JsonObject) Part(string trick, string row, JsonObject? options = null) => Peer(trick, row, Images, options);
        return new BenchRow(
            "several-all", "every measure that has a row above, at once, ResNet-18, 8 images", 1.5,
            [
                SlopeProgram("resnet18", "float32", Slope(Folded + ", channels last", "folded-last"), Images),
                SlopeProgram("resnet18", "float32", Slope("the same, Gram's eigenvalues", "stretch"), Images),
                .. new[]
                {
                    Part("ghost norms", "example-norms-and-gradient"), Part(SmallerGram, "spectral-norms"), Part(PassEach, "path-norms"),
                    Part("signs packed", "patterns"), Part(Kept, "hessian-trace", new JsonObject { ["products"] = 12 }),
                    Part("Lanczos", "largest-eigenvalue"), Part(InPlace, "expected-sharpness"),
                }.Select(part => WeightsProgram("resnet18", "photographs-32", part)),
            ],
            () => OccamWork.Measure(
                "resnet18", "photographs-32",
                [
                    new GeometricComplexity(), new LocalLipschitz(), new LossSlope(), new SpectralNormProduct(), new L1PathNorm(),
                    new L2PathNorm(), new LinearRegions(), new HessianTrace(12), new HessianTopEigenvalue(10),
                    new ExpectedSharpness(0.005, [0.005], 100, Batch: 64),
                ],
                results =>
                [
                    .. Slopes(results), results[2].Detail("perExample"), results[2].Quantity!.Value,
                    .. BenchCatalogue.SquaredNorms(results[3]),
                    .. results.Skip(4).Select(result => result.Quantity!.Value),
                ],
                limit: Images))
        {
            // The eigenvalue's, as in its row.
            Tolerance = 0.05,
            MostRounds = 2,
            PeersAddUp = true,
        };
    }

    private static ImmutableArray<Measure> DefaultSet => [.. MeasureCatalogue.All.Values.Where(measure => measure.InDefaultSet)];

    private static IEnumerable<Uncertain> Slopes(MeasureResult[] results) =>
        [.. ((string[])[new GeometricComplexity().Id, new LocalLipschitz().Id])
            .Select(id => results.Single(result => result.Id == id).Quantity!.Value)];
}
