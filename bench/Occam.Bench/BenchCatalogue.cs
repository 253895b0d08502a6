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

namespace Occam.Bench;

/// <summary>The rows, each with the best programs known for it, and what Occam must reach against them.</summary>
internal static class BenchCatalogue
{
    /// <summary>The programs for Jacobians, with networks of their own that it exports.</summary>
    public const string SlopeScript = "peers_slope.py";

    private const string ByHand = "Jacobian's factors multiplied by hand";
    private const string Folded = "reverse passes, batch norm folded";
    private const string Features = "reverse passes at the features";
    private const double NoValue = double.PositiveInfinity;

    /// <summary>All rows, in the order of the table.</summary>
    public static ImmutableArray<BenchRow> All { get; } =
    [
        .. Complexity(), .. Lipschitz(), .. Examples(), .. Weights(), .. Curvature(), .. Large(), .. Training(), .. Together(),
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
        yield return Exact("gc-resnet18-bf16", "the same in bfloat16", "resnet18", "photographs-32", 1.1, ScalarType.BFloat16, folded);
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
            "lipschitz-mlp", "local Lipschitz constants, MLP, 2,000 examples", 1.2, "mlp", "digits-2000", new LocalLipschitz(), null,
            [Slope("the same, Gram matrices' eigenvalues", "stretch-by-hand")]),
        Of(
            "lipschitz-resnet18", "local Lipschitz constants, ResNet-18, 32 images", 1.1, "resnet18", "photographs-32",
            new LocalLipschitz(), null, [Slope(Folded + ", channels last, Gram's eigenvalues", "stretch")]),
    ];

    private static IEnumerable<BenchRow> Examples()
    {
        yield return Of(
            "example-norms-and-gradient", "norms of 64 examples' gradients and ‖∇L‖², ResNet-18", 1.1, "resnet18", "photographs-64",
            new LossSlope(), "perExample", [Peer("ghost norms by hooks, one reverse pass", "example-norms-and-gradient")]) with
        {
            MostOfPeersMemory = 1,
        };
        yield return Of(
            "example-norms", "norms of 64 examples' gradients, ResNet-18", 1.1, "resnet18", "photographs-64", new LossSlope(), "perExample",
            [Peer("ghost norms by hooks, one reverse pass", "example-norms")]) with
        {
            MostOfPeersMemory = 1,
        };
    }

    private static IEnumerable<BenchRow> Weights() =>
    [
        Of(
            "spectral-norms", "spectral norms of ResNet-18's layers", 1.2, "resnet18", "photographs-32", new SpectralNormProduct(), "ln",
            [Peer("eigenvalues of the smaller Gram matrix", "spectral-norms")]),
        Of(
            "path-norms", "ℓ1 and ℓ2 path norms of ResNet-18", 1.2, "resnet18", "photographs-32",
            [new L1PathNorm(), new L2PathNorm()], null, [Peer("a forward pass each", "path-norms")]),
        Of(
            "patterns", "activation patterns of ResNet-18 on 512 images", 1.2, "resnet18", "photographs-512", new LinearRegions(), null,
            [Peer("signs packed to bits and hashed", "patterns")]) with
        {
            MostRounds = 3,
        },
    ];

    private static IEnumerable<BenchRow> Curvature()
    {
        const string Kept = "the gradient's graph kept over products";
        yield return Of(
            "hessian-product", "six Hessian-vector products, ResNet-18, 64 images", 1.1, "resnet18", "photographs-64", new HessianTrace(6),
            null, [Peer(Kept, "hessian-product", 64, new JsonObject { ["products"] = 6 })]) with
        {
            Tolerance = NoValue,
            MostOfPeersMemory = 2,
            MostRounds = 3,
        };
        yield return Of(
            "hessian-trace", "trace of the Hessian, 30 products, ResNet-18, 4 images", 1.1, "resnet18", "photographs-32",
            new HessianTrace(30), null, [Peer(Kept, "hessian-trace", 4)], limit: 4) with
        {
            Tolerance = NoValue,
            MostOfPeersMemory = 2,
            MostRounds = 3,
        };
        yield return Of(
            "largest-eigenvalue", "largest eigenvalue of the Hessian, 10 products, 4 images", 1.1, "resnet18", "photographs-32",
            new HessianTopEigenvalue(10), null, [Peer("Lanczos, " + Kept, "largest-eigenvalue", 4)], limit: 4) with
        {
            Tolerance = 0.05,
            MostOfPeersMemory = 2,
            MostRounds = 3,
        };
        yield return Of(
            "max-sharpness", "largest sharpness, 200 steps, VGG", 1.1, "vgg", "photographs-512", new MaxSharpness(Steps: 200), null,
            [Peer("projected ascent, batch norm folded", "max-sharpness", 512, new JsonObject { ["steps"] = 200 })]) with
        {
            Tolerance = NoValue,
            MostRounds = 5,
        };
        yield return Of(
            "expected-sharpness", "expected sharpness, 100 draws, VGG", 1.1, "vgg", "photographs-512",
            new ExpectedSharpness(0.005, [0.005], 100, Batch: 64), null,
            [Peer("weights perturbed in place, batch norm folded", "expected-sharpness", 512)]) with
        {
            Tolerance = NoValue,
        };
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
            () => OccamWork.Measure("resnet18-224", "images-4", [new GeometricComplexity()], null, new MeasureOptions { Directions = 8 }))
        {
            Tolerance = NoValue,
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
                Tolerance = id == "step-cotangent" ? NoValue : 1e-3,
                MostRounds = id == "step-exact" ? 2 : 7,
            };
        }

        yield return new BenchRow(
            "small-step-one", "a step of a perceptron of 2,800 parameters, one example", 18,
            [Stacked("task-1", "waves-1000", 1024, 1, 1e-3, true, 1, 100)],
            () => OccamWork.SmallSteps("task-1", "waves-1000", new HalfSquaredError(), 1, 1e-3, ["0.weight"], 50_000))
        {
            Tolerance = NoValue,
        };
        yield return new BenchRow(
            "small-step-ten", "a step of 1-300-300-300-1, ten examples", 2.5, [Stacked("gor-1", "parabola-10", 4, 10, 0.02, false, 0, 200)],
            () => OccamWork.SmallSteps("gor-1", "parabola-10", new MeanSquaredError(), 10, 0.02, [], 2000))
        {
            Tolerance = NoValue,
        };
    }

    private static IEnumerable<BenchRow> Together() =>
    [
        new BenchRow(
            "several-mlp", "GC, energy, Lipschitz constants and margins at once, MLP", 1.5,
            [
                SlopeProgram("mlp", "float32", Slope(ByHand, "by-hand")),
                SlopeProgram("mlp", "float32", Slope("the same, Gram matrices' eigenvalues", "stretch-by-hand")),
            ],
            () => OccamWork.Measure(
                "mlp", "digits-2000", [.. MeasureCatalogue.All.Values.Where(measure => measure.InDefaultSet)], null, null))
        {
            Tolerance = NoValue,
            PeersAddUp = true,
        },
        new BenchRow(
            "several-resnet18", "the same, ResNet-18, 32 images", 1.5,
            [
                SlopeProgram("resnet18", "float32", Slope(Folded + ", channels last", "folded-last")),
                SlopeProgram("resnet18", "float32", Slope("the same, Gram's eigenvalues", "stretch")),
            ],
            () => OccamWork.Measure(
                "resnet18", "photographs-32", [.. MeasureCatalogue.All.Values.Where(measure => measure.InDefaultSet)], null, null))
        {
            Tolerance = NoValue,
            PeersAddUp = true,
        },
    ];

    private static (string Trick, string Method) Slope(string trick, string method) => (trick, method);

    private static (string Trick, string Method, int Examples) Slope(string trick, string method, int examples) =>
        (trick, method, examples);

    private static (string Trick, string Row, JsonObject More) Peer(
        string trick, string row, int? examples = null, JsonObject? options = null)
    {
        var more = new JsonObject();
        if (examples is { } count)
        {
            more["examples"] = count;
        }

        if (options is not null)
        {
            more["options"] = options;
        }

        return (trick, row, more);
    }

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
        string id, string title, double must, string network, string data, Measure measure, string? detail,
        (string Trick, string Method)[] peers) => new(
        id, title, must, [.. peers.Select(peer => SlopeProgram(network, "float32", peer))],
        () => OccamWork.Measure(network, data, [measure], detail, null));

    private static BenchRow Of(
        string id, string title, double must, string network, string data, Measure measure, string? detail,
        (string Trick, string Row, JsonObject More)[] peers, int? limit = null) =>
        Of(id, title, must, network, data, [measure], detail, peers, limit);

    private static BenchRow Of(
        string id, string title, double must, string network, string data, ImmutableArray<Measure> measures, string? detail,
        (string Trick, string Row, JsonObject More)[] peers, int? limit = null) => new(
        id, title, must,
        [
            .. peers.Select(peer =>
            {
                var request = Asked(peer.Row, network, data, null);
                foreach (var (name, value) in peer.More.ToArray())
                {
                    request[name] = value?.DeepClone();
                }

                return new PeerProgram(peer.Trick, "peers_weights.py", request);
            }),
        ],
        () => OccamWork.Measure(network, data, measures, detail, null, limit: limit));

    private static PeerProgram SlopeProgram(string network, string type, (string Trick, string Method) peer, int examples = 0)
    {
        var request = new JsonObject
        {
            ["folder"] = Setting.Exported(""),
            ["network"] = network,
            ["method"] = peer.Method,
            ["type"] = type,
        };
        if (examples > 0)
        {
            request["examples"] = examples;
        }

        return new PeerProgram(peer.Trick, SlopeScript, request, Greets: false);
    }

    private static JsonObject Asked(string row, string network, string data, JsonObject? options) => new()
    {
        ["row"] = row,
        ["network"] = network,
        ["weights"] = Setting.Exported(network + ".pt"),
        ["data"] = Setting.Exported(data + ".npz"),
        ["options"] = options ?? [],
    };

    private static PeerProgram Stacked(
        string network, string data, int count, int batch, double rate, bool half, int frozen, int steps) => new(
        $"{count:N0} networks stacked", "peers_training.py", Asked("stacked", network, data, new JsonObject
        {
            ["count"] = count,
            ["batch"] = batch,
            ["rate"] = rate,
            ["half"] = half,
            ["frozen"] = frozen,
            ["steps"] = steps,
        }));
}
