using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Occam.Measures;
using Occam.Measures.Loss;
using Occam.Measures.Regions;
using Occam.Measures.Sharpness;
using Occam.Measures.Slope;
using Occam.Measures.Weights;
using Occam.Torch;
using Occam.Training.Losses;
using static Occam.Bench.PeerPrograms;

namespace Occam.Bench;

/// <summary>The rows, each with the best programs known for it, and what Occam must reach against them.</summary>
internal static class BenchCatalogue
{
    /// <summary>All rows, in the order of the table.</summary>
    public static ImmutableArray<BenchRow> All { get; } =
    [
        .. Complexity(), .. Lipschitz(), .. Examples(), .. Weights(), .. Curvature(), GaussNewtonRow.Row,
        SpectralDensityRow.Row, .. LearningCoefficientRows.All, .. Large(), .. Training(), .. TogetherRows.All,
    ];

    private static IEnumerable<BenchRow> Complexity()
    {
        foreach (var (id, network) in new[]
        {
            ("gc-mlp-100", "mlp-100"), ("gc-mlp-500", "mlp"), ("gc-mlp-1000", "mlp-1000"), ("gc-mlp-2000", "mlp-2000"),
        })
        {
            yield return Exact(id, $"exact GC, {network}, 2,000 examples", network, "digits-2000", 1.2, Slope(ByHand, "by-hand"));
        }

        yield return Exact(
            "gc-mlp-1000-classes", "exact GC, MLP with 1,000 classes, 2,000 examples", "mlp-1000-classes", "digits-2000", 1.2,
            Slope(ByHand, "by-hand")) with
        {
            MostBytes = 1_000_000_000,
            MostRounds = 3,
        };
        (string, string)[] folded = [Slope(Folded, "folded"), Slope(Folded + ", channels last", "folded-last")];
        yield return Exact("gc-resnet18", "exact GC, ResNet-18, 32 images", "resnet18", "photographs-32", 1.2, folded);
        yield return Exact("gc-resnet18-bf16", "the same in bfloat16", "resnet18", "photographs-32", 1.1, ScalarType.BFloat16, folded) with
        {
            Rate = peak => peak.ShortConvolution,
        };
        yield return Exact(
            "gc-resnet18-1000", "exact GC, ResNet-18 with 1,000 classes, 32 images", "resnet18-1000", "photographs-32", 1.2,
            Slope(Features, "folded"), Slope(Features + ", channels last", "folded-last")) with
        {
            MostRounds = 3,
        };
        yield return Exact("gc-vit", "exact GC, ViT-tiny, 32 images", "vit", "photographs-32", 1.1, Slope("reverse passes", "folded"));
        yield return Exact(
            "gc-vit-1000", "exact GC, ViT-tiny with 1,000 classes, 32 images", "vit-1000", "photographs-32", 1.2,
            Slope(Features, "folded")) with
        {
            MostRounds = 3,
        };
    }

    private static IEnumerable<BenchRow> Lipschitz() =>
    [
        Of(
            "lipschitz-mlp", "local Lipschitz constants, MLP, 2,000 examples", 1.2, "mlp", "digits-2000", new LocalLipschitz(),
            [Slope("the same, Gram matrices' eigenvalues", "stretch-by-hand")]),
        Of(
            "lipschitz-resnet18", "local Lipschitz constants, ResNet-18, 32 images", 1.1, "resnet18", "photographs-32",
            new LocalLipschitz(), [Slope(Folded + ", channels last, Gram's eigenvalues", "stretch")]),
    ];

    private static IEnumerable<BenchRow> Examples()
    {
        yield return Of(
            "example-norms-and-gradient", "norms of 64 examples' gradients and ‖∇L‖², ResNet-18", 1.1, "resnet18", "photographs-64",
            [new LossSlope()], [Peer("ghost norms by hooks, one reverse pass", "example-norms-and-gradient")],
            results => [results[0].Detail("perExample"), results[0].Value!.Value]) with
        {
            MostOfPeersMemory = 1,
        };
        yield return Of(
            "example-norms", "norms of 64 examples' gradients, ResNet-18", 1.1, "resnet18", "photographs-64", [new LossSlope()],
            [Peer("ghost norms by hooks, one reverse pass", "example-norms")], results => [results[0].Detail("perExample")]) with
        {
            MostOfPeersMemory = 1,
        };
    }

    // Of the weights alone on both sides: with data Occam adds the margins, which no peer computes.
    private static IEnumerable<BenchRow> Weights() =>
    [
        Of(
            "spectral-norms", "spectral norms of ResNet-18's layers", 1.2, "resnet18", "photographs-32", [new SpectralNormProduct()],
            [Peer(SmallerGram, "spectral-norms")], results => SquaredNorms(results[0]), isWithoutData: true) with
        {
            Tolerance = 1e-5,
        },
        Of(
            "path-norms", "ℓ1 and ℓ2 path norms of ResNet-18", 1.2, "resnet18", "photographs-32", [new L1PathNorm(), new L2PathNorm()],
            [Peer(PassEach, "path-norms")], isWithoutData: true) with
        {
            Tolerance = 1e-4,
        },
        Of(
            "patterns", "activation patterns of ResNet-18 on 512 images, 256 twice", 1.2, "resnet18", "photographs-twice",
            [new LinearRegions()], [Peer("signs packed to bits and hashed", "patterns")]) with
        {
            Tolerance = 0,
            MostRounds = 3,
        },
        Of(
            "local-complexity", "local complexity of 1,000 neighbourhoods, MLP", 2, "mlp", "digits-2000", [new LocalComplexity()],
            [Peer("frames by a batched decomposition, a forward pass a chunk", "local-complexity", 1000)], limit: 1000),
    ];

    private static IEnumerable<BenchRow> Curvature()
    {
        yield return new BenchRow(
            "hessian-product", "six Hessian-vector products, ResNet-18, 64 images", 1.5,
            [WeightsProgram("resnet18", "photographs-64", Peer(Kept, "hessian-product", 64, new JsonObject { ["products"] = 6 }))],
            () => OccamWork.HessianProducts("resnet18", "photographs-64", 6))
        {
            MostOfPeersMemory = 2,
            MostRounds = 3,
        };
        yield return Of(
            "hessian-trace", "trace of the Hessian, 30 products, ResNet-18, 4 images", 1.1, "resnet18", "photographs-32",
            [new HessianTrace(30)], [Peer(Kept, "hessian-trace", 4)], limit: 4) with
        {
            MostOfPeersMemory = 2,
            MostRounds = 3,
        };
        yield return Of(
            "largest-eigenvalue", "largest eigenvalue of the Hessian, 10 products, 4 images", 1.1, "resnet18", "photographs-32",
            [new HessianTopEigenvalue(10)], [Peer("Lanczos, " + Kept, "largest-eigenvalue", 4)], limit: 4) with
        {
            Tolerance = 0.05,
            MostOfPeersMemory = 2,
            MostRounds = 3,
        };
        yield return Of(
            "max-sharpness", "largest sharpness, 200 steps, VGG", 1.1, "vgg", "photographs-512", [new MaxSharpness(Steps: 200)],
            [Peer("projected ascent, batch norm folded, channels last", "max-sharpness", 512, new JsonObject { ["steps"] = 200 })]) with
        {
            // The ascents see the examples in other orders.
            Tolerance = 0.1,
            MostRounds = 5,
        };
        yield return Of(
            "expected-sharpness", "expected sharpness, 100 draws, VGG", 1.1, "vgg", "photographs-512",
            [new ExpectedSharpness(0.005, [0.005], 100, Batch: 64)], [Peer(InPlace, "expected-sharpness", 512)]);
    }

    private static IEnumerable<BenchRow> Large()
    {
        yield return Exact(
            "gc-224-1000", "exact GC, ResNet-18 at 224², 1,000 classes, an image", "resnet18-224", "images-4", 1.2, ScalarType.Float32,
            [Slope(Features, "folded", 1), Slope(Features + ", channels last", "folded-last", 1)], limit: 1) with
        {
            MostRounds = 2,
        };
        yield return new BenchRow(
            "probes-224", "GC by eight probes, the same, 4 images", 1.1,
            [SlopeProgram("resnet18-224", "float32", Slope("eight reverse passes, batch norm folded, channels last", "probes"))],
            () => OccamWork.Measure(
                "resnet18-224", "images-4", [new GeometricComplexity()], options: new MeasureOptions { Directions = 8 }))
        {
            MostRounds = 5,
        };
    }

    private static IEnumerable<BenchRow> Training()
    {
        foreach (var (id, title, must, method) in new[]
        {
            ("step", "a training step, ResNet-18, 64 images", 1.0, "step"),
            ("step-cotangent", "the same with GC, one cotangent", 1.3, "cotangent-step"),
            ("step-exact", "the same with GC, exact", 1.8, "exact-step"),
        })
        {
            PeerProgram Step(bool last) => new(
                (id == "step" ? "plain loop" : "create_graph") + (last ? ", channels last" : ""), "peers_training.py",
                Asked(method, "resnet18", "photographs-64", new JsonObject { ["channels_last"] = last }));
            yield return new BenchRow(id, title, must, [Step(false), Step(true)], () => OccamWork.Step(id))
            {
                MostRounds = id == "step-exact" ? 2 : 7,
            };
        }

        yield return new BenchRow(
            "small-step-one", "a step of a perceptron of 2,800 parameters, one example", 18,
            [Stacked("task-1", "waves-1000", 1024, 1, 1e-3, true, 1, 100)],
            () => OccamWork.SmallSteps("task-1", "waves-1000", new HalfSquaredError(), 1, 1e-3, ["0.weight"], 50_000, CheckedSteps));
        yield return new BenchRow(
            "small-step-ten", "a step of 1-300-300-300-1, ten examples", 2.5, [Stacked("gor-1", "parabola-10", 4, 10, 0.02, false, 0, 200)],
            () => OccamWork.SmallSteps("gor-1", "parabola-10", new MeanSquaredError(), 10, 0.02, [], 2000, CheckedSteps));
    }

    // By layer, the largest first: their order differs from the modules'.
    internal static IEnumerable<Uncertain> SquaredNorms(MeasureResult result) =>
        result.Layers.OrderByDescending(layer => layer.Value).Select(layer => layer.Quantity);

    private static BenchRow Exact(
        string id, string title, string network, string data, double must, params (string Trick, string Method)[] peers) =>
        Exact(id, title, network, data, must, ScalarType.Float32, peers);

    private static BenchRow Exact(
        string id, string title, string network, string data, double must, ScalarType type, params (string Trick, string Method)[] peers) =>
        Exact(id, title, network, data, must, type, [.. peers.Select(peer => (peer.Trick, peer.Method, 0))], null);

    private static BenchRow Exact(
        string id, string title, string network, string data, double must, ScalarType type,
        (string Trick, string Method, int Examples)[] peers, int? limit) => new(
        id, title, must,
        [
            .. peers.Select(peer => SlopeProgram(
                network, type == ScalarType.BFloat16 ? "bfloat16" : "float32", (peer.Trick, peer.Method), peer.Examples)),
        ],
        () => OccamWork.Measure(
            network, data, [new GeometricComplexity()], null, new MeasureOptions { Exact = true }, type, limit, isCounted: true))
        {
            Tolerance = type == ScalarType.BFloat16 ? 0.02 : 1e-3,
        };

    // The Lipschitz constants' value and the peers' are means over the examples.
    private static BenchRow Of(
        string id, string title, double must, string network, string data, Measure measure, (string Trick, string Method)[] peers) => new(
        id, title, must, [.. peers.Select(peer => SlopeProgram(network, "float32", peer))],
        () => OccamWork.Measure(network, data, [measure]));

    private static BenchRow Of(
        string id, string title, double must, string network, string data, ImmutableArray<Measure> measures,
        (string Trick, string Row, JsonObject More)[] peers, Func<MeasureResult[], IEnumerable<Uncertain>>? values = null,
        int? limit = null, bool isWithoutData = false) => new(
        id, title, must, [.. peers.Select(peer => WeightsProgram(network, data, peer))],
        () => OccamWork.Measure(network, isWithoutData ? null : data, measures, values, limit: limit));
}
