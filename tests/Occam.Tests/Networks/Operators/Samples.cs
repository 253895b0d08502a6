using Occam.Networks;
using Occam.Torch;
using static Occam.Tests.Networks.Operators.OneNode;

namespace Occam.Tests.Networks.Operators;

/// <summary>A node for every operator that floating-point data pass through, with a small input, by name.</summary>
internal static class Samples
{
    private static readonly (string, object) s_window = ("kernel_shape", new long[] { 3, 2 });
    private static readonly (string, object) s_pads = ("pads", new long[] { 1, 0, 2, 1 });
    private static readonly Attributes s_hidden = Attributes.Of(("hidden_size", 3L));
    private static readonly (string, object) s_strides = ("strides", new long[] { 2, 1 });

    private static readonly SortedDictionary<string, Func<OneNode>> s_nodes = new(StringComparer.Ordinal)
    {
        ["Abs"] = () => Plain("Abs"),
        ["Acos"] = () => new("Acos", [Random(1, 2, 3).Tanh()]),
        ["Acosh"] = () => new("Acosh", [Random(1, 2, 3).Square() + 1.1]),
        ["Add"] = () => new("Add", [Random(1, 2, 3, 1), Random(2, 3, 4)]),
        ["AffineGrid"] = () => new("AffineGrid", [Random(1, 2, 2, 3), Integers(2, 1, 3, 4)], opset: 20),
        ["AffineGrid in space"] = () => new(
            "AffineGrid", [Random(1, 1, 3, 4), Integers(1, 1, 2, 3, 2)], Attributes.Of(("align_corners", 1L)), opset: 20),
        ["Asin"] = () => new("Asin", [Random(1, 2, 3).Tanh()]),
        ["Asinh"] = () => Plain("Asinh"),
        ["Atan"] = () => Plain("Atan"),
        ["Atanh"] = () => new("Atanh", [Random(1, 2, 3).Tanh()]),
        ["Attention"] = () => new("Attention", [Random(1, 2, 2, 3, 4), Random(2, 2, 2, 5, 4), Random(3, 2, 2, 5, 3)], opset: 23),
        ["Attention of the keys"] = () => new(
            "Attention",
            [
                Random(1, 2, 3, 8), Random(2, 2, 5, 4), Random(3, 2, 5, 6),
                Tensor.FromArray([true, false, true, true, true, true, true, true, true, true, false, false, false, true, true], 3, 5),
            ],
            Attributes.Of(("q_num_heads", 4L), ("kv_num_heads", 2L), ("scale", 0.7)), opset: 23, varying: 1),
        ["Attention windowed"] = () => new(
            "Attention", [Random(1, 2, 2, 3, 4), Random(2, 2, 2, 3, 4), Random(3, 2, 2, 3, 3), Random(4, 3, 3)],
            Attributes.Of(("is_causal", 1L), ("softcap", 1.5)), opset: 24),
        ["AveragePool"] = () => Image("AveragePool", s_window, s_pads, s_strides),
        ["AveragePool dilated"] = () => Image(
            "AveragePool", s_window, s_pads, ("dilations", new long[] { 1, 3 }), ("ceil_mode", 1L), ("count_include_pad", 1L)),
        ["BatchNormalization"] = () => new(
            "BatchNormalization", [Random(1, 2, 3, 4), Random(2, 3), Random(3, 3), Random(4, 3), Random(5, 3).Square()]),
        ["Cast"] = () => new("Cast", [Random(1, 2, 3)], Attributes.Of(("to", 1L))),
        ["CastLike"] = () => new("CastLike", [Random(1, 2, 3), Random(2, 1)]),
        ["Celu"] = () => Plain("Celu", ("alpha", 1.7)),
        ["CenterCropPad"] = () => new(
            "CenterCropPad", [Random(1, 2, 5, 2), Integers(2, 5)], Attributes.Of(("axes", new long[] { 1, 2 })), opset: 18),
        ["Clip"] = () => new("Clip", [Random(1, 2, 5), Number(-0.4), Number(0.6)]),
        ["Clip above"] = () => new("Clip", [Random(1, 2, 5), null, Number(0.1)]),
        ["Col2Im"] = () => new(
            "Col2Im", [Random(1, 1, 12, 6), Integers(3, 5), Integers(2, 3)],
            Attributes.Of(("pads", new long[] { 0, 1, 1, 0 }), ("strides", new long[] { 1, 2 })), opset: 18),
        ["Compress"] = () => new("Compress", [Random(1, 2, 4), Tensor.FromArray([true, false, true], 3)], Attributes.Of(("axis", 1L))),
        ["Concat"] = () => new("Concat", [Random(1, 2, 3), Random(2, 2, 1)], Attributes.Of(("axis", -1L))),
        ["Conv"] = () => new(
            "Conv", [Random(1, 2, 4, 5, 4), Random(2, 6, 2, 3, 2), Random(3, 6)], Attributes.Of(("group", 2L), s_pads, s_strides)),
        ["ConvTranspose"] = () => new(
            "ConvTranspose", [Random(1, 2, 4, 3, 2), Random(2, 4, 3, 3, 2), Random(3, 6)], Attributes.Of(("group", 2L), s_pads, s_strides)),
        ["Cos"] = () => Plain("Cos"),
        ["Cosh"] = () => Plain("Cosh"),
        ["CumProd"] = () => new("CumProd", [Random(1, 2, 4), Tensor.FromArray([1L])], opset: 26),
        ["CumSum"] = () => new("CumSum", [Random(1, 2, 4), Tensor.FromArray([1L])]),
        ["CumSum backwards"] = () => new(
            "CumSum", [Random(1, 2, 4), Tensor.FromArray([-1L])], Attributes.Of(("exclusive", 1L), ("reverse", 1L))),
        ["DFT"] = () => new("DFT", [Random(1, 2, 5, 1), Tensor.FromArray([7L]).Reshape()], Attributes.Of(("onesided", 1L))),
        ["DFT inverse"] = () => new("DFT", [Random(1, 2, 4, 2)], Attributes.Of(("inverse", 1L))),
        ["DFT of an axis"] = () => new(
            "DFT", [Random(1, 4, 3, 2), null, Tensor.FromArray([0L]).Reshape()], opset: 20),
        ["DeformConv"] = () => new(
            "DeformConv",
            [Random(1, 1, 4, 4, 5), Random(2, 2, 2, 2, 3), Random(3, 1, 24, 2, 4) * 0.3, Random(4, 2), Random(5, 1, 12, 2, 4)],
            Attributes.Of(("group", 2L), ("offset_group", 2L), ("pads", new long[] { 0, 1, 0, 0 }), ("strides", new long[] { 2, 1 })),
            opset: 19),
        ["DeformConv by its offsets"] = () => new(
            "DeformConv", [Random(1, 1, 2, 4, 4), Random(2, 2, 2, 2, 2), Random(3, 1, 8, 3, 3) * 0.3], opset: 19, varying: 2),
        ["DepthToSpace"] = () => new("DepthToSpace", [Random(1, 1, 8, 2, 3)], Attributes.Of(("blocksize", 2L))),
        ["Det"] = () => new("Det", [Random(1, 2, 3, 3)]),
        ["Div"] = () => new("Div", [Random(1, 2, 3), Random(2, 3)]),
        ["Div by the data"] = () => new("Div", [Random(1, 3), Random(2, 2, 3)], varying: 1),
        ["Dropout"] = () => Plain("Dropout"),
        ["Einsum"] = () => new("Einsum", [Random(1, 2, 3, 4), Random(2, 4, 5)], Attributes.Of(("equation", "bij,jk->bki"))),
        ["Elu"] = () => Plain("Elu", ("alpha", 1.4)),
        ["Erf"] = () => Plain("Erf"),
        ["Exp"] = () => Plain("Exp"),
        ["Expand"] = () => new("Expand", [Random(1, 2, 1, 3), Integers(4, 1)]),
        ["Flatten"] = () => new("Flatten", [Random(1, 2, 3, 2)]),
        ["GRU"] = () => new("GRU", [Random(1, 3, 2, 4), Random(2, 1, 9, 4), Random(3, 1, 9, 3)], s_hidden),
        ["GRU backward"] = () => new(
            "GRU", [Random(1, 3, 2, 4), Random(2, 1, 9, 4), Random(3, 1, 9, 3), Random(4, 1, 18), Lengths, Random(5, 1, 2, 3)],
            Attributes.Of(("direction", "reverse"), ("hidden_size", 3L))),
        ["GRU reset after the product"] = () => new(
            "GRU", [Random(1, 3, 2, 4), Random(2, 2, 9, 4), Random(3, 2, 9, 3), Random(4, 2, 18), null, Random(5, 2, 2, 3)],
            Attributes.Of(("direction", "bidirectional"), ("linear_before_reset", 1L), ("clip", 0.8), ("hidden_size", 3L))),
        ["Gather"] = () => new("Gather", [Random(1, 2, 4), Tensor.FromArray([0L, -1, 0, 2, 0, 1], 2, 3)], Attributes.Of(("axis", 1L))),
        ["GatherElements"] = () => new(
            "GatherElements", [Random(1, 2, 3), Tensor.FromArray([0L, -1, 2, 2, 1, 2, 2, 2], 2, 4)], Attributes.Of(("axis", 1L))),
        ["GatherND"] = () => new("GatherND", [Random(1, 2, 3, 2), Tensor.FromArray([0L, -1, 1, 0, 0, 2], 3, 2)]),
        ["GatherND batched"] = () => new(
            "GatherND", [Random(1, 2, 3, 2), Tensor.FromArray([0L, -1, 1, 1], 2, 2, 1)], Attributes.Of(("batch_dims", 1L))),
        ["Gelu"] = () => Plain("Gelu"),
        ["Gelu by tanh"] = () => Plain("Gelu", ("approximate", "tanh")),
        ["Gemm"] = () => new(
            "Gemm", [Random(1, 2, 4), Random(2, 3, 4), Random(3, 1, 3)], Attributes.Of(("transB", 1L), ("alpha", 0.7), ("beta", -1.3))),
        ["Gemm of a parameter"] = () => new("Gemm", [Random(1, 4, 3), Random(2, 4, 2)], Attributes.Of(("transA", 1L)), varying: 1),
        ["GlobalAveragePool"] = () => Image("GlobalAveragePool"),
        ["GlobalLpPool"] = () => Image("GlobalLpPool", ("p", 3L)),
        ["GlobalMaxPool"] = () => Image("GlobalMaxPool"),
        ["GridSample"] = () => new(
            "GridSample", [Random(1, 1, 2, 4, 3), Random(2, 1, 3, 3, 2) * 0.7], Attributes.Of(("mode", "bilinear")), opset: 16),
        ["GridSample between reflections"] = () => new(
            "GridSample", [Random(1, 1, 2, 4, 3), Random(2, 1, 3, 3, 2) * 2],
            Attributes.Of(("mode", "linear"), ("padding_mode", "reflection"), ("align_corners", 1L)), opset: 20),
        ["GridSample by its grid"] = () => new(
            "GridSample", [Random(1, 1, 2, 4, 3), Random(2, 1, 3, 3, 2) * 0.7], Attributes.Of(("mode", "cubic")), opset: 20, varying: 1),
        ["GridSample cubic"] = () => new(
            "GridSample", [Random(1, 1, 2, 4, 3), Random(2, 1, 3, 3, 2) * 0.7],
            Attributes.Of(("mode", "cubic"), ("align_corners", 1L)), opset: 20),
        ["GridSample in space"] = () => new(
            "GridSample", [Random(1, 1, 2, 3, 3, 4), Random(2, 1, 2, 2, 2, 3) * 0.7], Attributes.Of(("padding_mode", "border")), opset: 20),
        ["GridSample nearest"] = () => new(
            "GridSample", [Random(1, 1, 2, 4, 3), Random(2, 1, 3, 3, 2)], Attributes.Of(("mode", "nearest"), ("padding_mode", "border")),
            opset: 20),
        ["GroupNormalization 18"] = () => new(
            "GroupNormalization", [Random(1, 2, 6, 3), Random(2, 2), Random(3, 2)], Attributes.Of(("num_groups", 2L)), opset: 18),
        ["GroupNormalization 21"] = () => new(
            "GroupNormalization", [Random(1, 2, 6, 3), Random(2, 6), Random(3, 6)], Attributes.Of(("num_groups", 2L)), opset: 21),
        ["HardSigmoid"] = () => Plain("HardSigmoid", ("alpha", 0.7)),
        ["HardSwish"] = () => Plain("HardSwish"),
        ["Identity"] = () => Plain("Identity"),
        ["If"] = () => new(
            "If", [Tensor.FromArray([true]).Reshape(), Random(1, 2, 3), Random(2, 3), Random(3, 2, 3)],
            Attributes.Of(
                ("then_branch", Subgraphs.Of(["z"], 0, 1, ["a", "b"], ("Mul", "a b", "y"), ("Tanh", "y", "z"))),
                ("else_branch", Subgraphs.Of(["d"], 0, 3, ["c"], ("Neg", "c", "d")))),
            varying: 1),
        ["InstanceNormalization"] = () => new("InstanceNormalization", [Random(1, 2, 3, 4), Random(2, 3), Random(3, 3)]),
        ["LRN"] = () => Image("LRN", ("size", 3L), ("alpha", 0.5), ("beta", 0.6), ("bias", 0.8)),
        ["LSTM"] = () => new("LSTM", [Random(1, 3, 2, 4), Random(2, 1, 12, 4), Random(3, 1, 12, 3)], s_hidden),
        ["LSTM both ways"] = () => new(
            "LSTM",
            [
                Random(1, 3, 2, 4), Random(2, 2, 12, 4), Random(3, 2, 12, 3), Random(4, 2, 24), Lengths,
                Random(5, 2, 2, 3), Random(6, 2, 2, 3), Random(7, 2, 9),
            ],
            Attributes.Of(("direction", "bidirectional"), ("clip", 1.1), ("hidden_size", 3L))),
        ["LSTM with one gate for two"] = () => new(
            "LSTM", [Random(1, 3, 2, 4), Random(2, 1, 12, 4), Random(3, 1, 12, 3), Random(4, 1, 24)],
            Attributes.Of(("input_forget", 1L), ("direction", "reverse"), ("hidden_size", 3L))),
        ["LayerNormalization"] = () => new(
            "LayerNormalization", [Random(1, 2, 3, 4), Random(2, 3, 4), Random(3, 3, 4)], Attributes.Of(("axis", 1L))),
        ["LayerNormalization broadcast"] = () => new("LayerNormalization", [Random(1, 2, 3, 4), Random(2, 4)], Attributes.Of(("axis", 1L))),
        ["LeakyRelu"] = () => Plain("LeakyRelu", ("alpha", -1.2)),
        ["Log"] = () => new("Log", [Random(1, 2, 3).Square() + 0.1]),
        ["LogSoftmax"] = () => new("LogSoftmax", [Random(1, 2, 3, 4)]),
        ["Loop"] = () => new(
            "Loop", [Tensor.FromArray([3L]).Reshape(), null, Random(1, 2, 3), Random(2, 3, 3)],
            Attributes.Of(("body", Subgraphs.Of(
                ["on", "next", "square"], 3, 3, ["round", "go", "h", "w"], ("MatMul", "h w", "a"), ("Tanh", "a", "next"),
                ("Mul", "next next", "square"), ("Identity", "go", "on")))),
            varying: 2, outputs: 2),
        ["Loop around the data"] = () => new(
            "Loop", [Tensor.FromArray([3L]).Reshape(), null, Random(1, 2, 3), Random(2, 2, 3)],
            Attributes.Of(("body", Subgraphs.Of(
                ["on", "next"], 3, 3, ["round", "go", "h", "x"], ("Mul", "h x", "a"), ("Sin", "a", "next"), ("Identity", "go", "on")))),
            varying: 3),
        ["LpNormalization"] = () => new("LpNormalization", [Random(1, 2, 3)], Attributes.Of(("axis", 1L))),
        ["LpNormalization 1"] = () => new("LpNormalization", [Random(1, 2, 3)], Attributes.Of(("axis", 1L), ("p", 1L))),
        ["LpPool"] = () => new(
            "LpPool", [Random(1, 1, 2, 5, 6)], Attributes.Of(s_window, ("strides", new long[] { 2, 1 }), ("p", 3L)), opset: 18),
        ["LpPool 1"] = () => new("LpPool", [Random(1, 1, 2, 6)], Attributes.Of(("kernel_shape", new long[] { 3 }), ("p", 1L)), opset: 18),
        ["MatMul"] = () => new("MatMul", [Random(1, 2, 3, 4), Random(2, 4, 5)]),
        ["MatMul batched"] = () => new("MatMul", [Random(1, 2, 1, 3, 4), Random(2, 5, 4, 2)]),
        ["MatMul from the left"] = () => new("MatMul", [Random(1, 5, 3), Random(2, 2, 3, 4)], varying: 1),
        ["MatMul with a vector"] = () => new("MatMul", [Random(1, 2, 3, 4), Random(2, 4)]),
        ["Max"] = () => new("Max", [Random(1, 2, 3), Random(2, 3), Random(3, 1)]),
        ["MaxPool"] = () => Image(
            "MaxPool", s_window, ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 0, 0, 1 }), ("ceil_mode", 1L)),
        ["MaxPool 1-D"] = () => new(
            "MaxPool", [Random(1, 2, 2, 7)], Attributes.Of(("kernel_shape", new long[] { 2 }), ("dilations", new long[] { 2 }))),
        ["MaxPool with indices"] = () => new(
            "MaxPool", [Random(1, 1, 2, 5, 6)], Attributes.Of(s_window, ("storage_order", 1L)), outputs: 2),
        ["MaxRoiPool"] = () => new(
            "MaxRoiPool", [Random(1, 1, 2, 5, 6), Numbers(0, 0, 1, 4, 4, 0, 2, 0, 5, 2).Reshape(2, 5)],
            Attributes.Of(("pooled_shape", new long[] { 2, 2 }))),
        ["MaxUnpool"] = () => new(
            "MaxUnpool", [Random(1, 1, 1, 2, 2), Integers(5, 7, 12, 14).Reshape(1, 1, 2, 2)],
            Attributes.Of(("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }))),
        ["Mean"] = () => new("Mean", [Random(1, 2, 1), Random(2, 3), Random(3, 1)]),
        ["MeanVarianceNormalization"] = () => new(
            "MeanVarianceNormalization", [Random(1, 2, 2, 3, 2)], Attributes.Of(("axes", new long[] { 1, 2, 3 }))),
        ["Min"] = () => new("Min", [Random(1, 2, 3), Random(2, 3)]),
        ["Mish"] = () => Plain("Mish"),
        ["Mod"] = () => new("Mod", [Random(1, 2, 5), Random(2, 5).Square() + 0.3], Attributes.Of(("fmod", 1L))),
        ["Mod by the data"] = () => new("Mod", [Random(1, 5) * 4, Random(2, 2, 5).Square() + 0.3], Attributes.Of(("fmod", 1L)), varying: 1),
        ["Mul"] = () => new("Mul", [Random(1, 2, 3, 1), Random(2, 3, 4)]),
        ["Neg"] = () => Plain("Neg"),
        ["NegativeLogLikelihoodLoss"] = () => new(
            "NegativeLogLikelihoodLoss", [Random(1, 3, 4), Integers(2, 0, 1), Numbers(0.5, 1, 2, 3)]),
        ["NegativeLogLikelihoodLoss of each"] = () => new(
            "NegativeLogLikelihoodLoss", [Random(1, 2, 3, 2), Integers(2, 0, 1, -1).Reshape(2, 2)],
            Attributes.Of(("reduction", "none"), ("ignore_index", -1L))),
        ["OneHot"] = () => new(
            "OneHot", [Tensor.FromArray([0L, -1, 2, 7], 2, 2), Tensor.FromArray([3L]), Random(1, 2)], Attributes.Of(("axis", 1L)),
            varying: 2),
        ["PRelu"] = () => new("PRelu", [Random(1, 2, 3, 2), Random(2, 3, 1)]),
        ["Pad"] = () => new("Pad", [Random(1, 2, 4), Integers(0, 1, 0, -1), Number(0.3)]),
        ["Pad edge"] = () => new("Pad", [Random(1, 2, 4), Integers(0, 2, 0, 1)], Attributes.Of(("mode", "edge"))),
        ["Pad reflect"] = () => new(
            "Pad", [Random(1, 2, 4), Integers(3, 2), null, Integers(1)], Attributes.Of(("mode", "reflect")), opset: 18),
        ["Pad wrap"] = () => new("Pad", [Random(1, 2, 4), Integers(0, 5, 0, 2)], Attributes.Of(("mode", "wrap")), opset: 19),
        ["Pow"] = () => new("Pow", [Random(1, 2, 3).Square() + 0.2, Number(2.5)]),
        ["Pow of the data"] = () => new("Pow", [Random(1, 2, 3).Square() + 0.2, Random(2, 3)], varying: 1),
        ["Pow 1"] = () => new("Pow", [Random(1, 2, 3), Number(1)]),
        ["RMSNormalization"] = () => new(
            "RMSNormalization", [Random(1, 2, 3, 4), Random(2, 3, 4)], Attributes.Of(("axis", 1L), ("epsilon", 0.01)), opset: 23),
        ["RNN"] = () => new("RNN", [Random(1, 3, 2, 4), Random(2, 1, 3, 4), Random(3, 1, 3, 3)], s_hidden),
        ["RNN both ways"] = () => new(
            "RNN",
            [Random(1, 3, 2, 4), Random(2, 2, 3, 4), Random(3, 2, 3, 3) * 0.4, Random(4, 2, 6), Lengths, Random(5, 2, 2, 3)],
            Attributes.Of(
                ("direction", "bidirectional"), ("activations", new[] { "Softsign", "Sigmoid" }), ("clip", 2.5), ("hidden_size", 3L))),
        ["Reciprocal"] = () => Plain("Reciprocal"),
        ["ReduceL1"] = () => new("ReduceL1", [Random(1, 2, 3, 4)], Attributes.Of(("axes", new long[] { 1 }))),
        ["ReduceL2"] = () => new("ReduceL2", [Random(1, 2, 3, 4)], Attributes.Of(("axes", new long[] { 1 }))),
        ["ReduceLogSum"] = () => new("ReduceLogSum", [Random(1, 2, 3).Square() + 0.1], Attributes.Of(("axes", new long[] { 1 }))),
        ["ReduceLogSumExp"] = () => new("ReduceLogSumExp", [Random(1, 2, 3, 4)], Attributes.Of(("axes", new long[] { 1, -1 }))),
        ["ReduceMax"] = () => new("ReduceMax", [Random(1, 2, 3, 4)], Attributes.Of(("axes", new long[] { 1 }))),
        ["ReduceMean"] = () => new("ReduceMean", [Random(1, 2, 3, 4), Integers(1, 2)], Attributes.Of(("keepdims", 0L)), opset: 18),
        ["ReduceMin"] = () => new("ReduceMin", [Random(1, 2, 3, 4)], Attributes.Of(("axes", new long[] { -1 }))),
        ["ReduceProd"] = () => new("ReduceProd", [Random(1, 2, 3, 2)], Attributes.Of(("axes", new long[] { 1, 2 }))),
        ["ReduceSum"] = () => new("ReduceSum", [Random(1, 2, 3, 4), Integers(2)]),
        ["ReduceSum of none"] = () => new("ReduceSum", [Random(1, 2, 3, 4)], Attributes.Of(("noop_with_empty_axes", 1L))),
        ["ReduceSumSquare"] = () => new("ReduceSumSquare", [Random(1, 2, 3)], Attributes.Of(("axes", new long[] { 1 }))),
        ["Relu"] = () => Plain("Relu"),
        ["RotaryEmbedding"] = () => new(
            "RotaryEmbedding", [Random(1, 2, 3, 8), Random(2, 2, 3, 2), Random(3, 2, 3, 2)], Attributes.Of(("num_heads", 2L)), opset: 23),
        ["RotaryEmbedding interleaved"] = () => new(
            "RotaryEmbedding", [Random(1, 1, 2, 3, 6), Random(2, 5, 2) * 0.3, Random(3, 5, 2) * 0.3, Tensor.FromArray([4L, 0, 2], 1, 3)],
            Attributes.Of(("interleaved", 1L), ("rotary_embedding_dim", 4L)), opset: 23),
        ["Reshape"] = () => new("Reshape", [Random(1, 2, 3, 4), Integers(0, -1, 2)]),
        ["Resize"] = () => new("Resize", [Random(1, 1, 2, 3, 4), null, Numbers(1, 1, 2.5, 0.6)]),
        ["Resize antialiased"] = () => new(
            "Resize", [Random(1, 1, 1, 7), null, Numbers(1, 1, 0.55)],
            Attributes.Of(("mode", "linear"), ("antialias", 1L), ("exclude_outside", 1L)),
            opset: 18),
        ["Resize cubic"] = () => new("Resize", [Random(1, 1, 1, 4, 3), null, Numbers(1, 1, 0.7, 2)], Attributes.Of(("mode", "cubic"))),
        ["Resize cubic inside"] = () => new(
            "Resize", [Random(1, 1, 1, 4, 3), null, Numbers(1, 1, 0.7, 2)],
            Attributes.Of(
                ("mode", "cubic"), ("cubic_coeff_a", -0.5), ("exclude_outside", 1L),
                ("coordinate_transformation_mode", "asymmetric"))),
        ["Resize linear"] = () => new("Resize", [Random(1, 1, 2, 3, 4), null, Numbers(1, 1, 2.5, 0.6)], Attributes.Of(("mode", "linear"))),
        ["Resize linear aligned"] = () => new(
            "Resize", [Random(1, 1, 2, 3, 4), null, null, Integers(1, 2, 5, 2)],
            Attributes.Of(("mode", "linear"), ("coordinate_transformation_mode", "align_corners"))),
        ["Resize linear of two axes"] = () => new(
            "Resize", [Random(1, 1, 2, 3, 4), null, null, Integers(7, 6)],
            Attributes.Of(
                ("mode", "linear"), ("axes", new long[] { 2, 3 }), ("keep_aspect_ratio_policy", "not_larger"),
                ("coordinate_transformation_mode", "half_pixel_symmetric")),
            opset: 19),
        ["ReverseSequence"] = () => new(
            "ReverseSequence", [Random(1, 2, 4, 2), Tensor.FromArray([3L, 2], 2)], Attributes.Of(("batch_axis", 0L), ("time_axis", 1L))),
        ["RoiAlign"] = () => new(
            "RoiAlign", [Random(1, 1, 2, 5, 6), Numbers(0.3, 0.2, 4.1, 3.7, 1, 0, 5.5, 2).Reshape(2, 4), Integers(0, 0)],
            Attributes.Of(("output_height", 2L), ("output_width", 3L), ("sampling_ratio", 2L)), opset: 16),
        ["RoiAlign largest"] = () => new(
            "RoiAlign", [Random(1, 1, 2, 5, 6), Numbers(0.3, 0.2, 4.1, 3.7).Reshape(1, 4), Integers(0)],
            Attributes.Of(("output_height", 2L), ("output_width", 2L), ("mode", "max"), ("spatial_scale", 0.8)), opset: 16),
        ["STFT"] = () => new(
            "STFT", [Random(1, 2, 9, 1), Tensor.FromArray([2L]).Reshape(), Random(2, 4), Tensor.FromArray([4L]).Reshape()]),
        ["STFT of pairs"] = () => new(
            "STFT", [Random(1, 2, 7, 2), Tensor.FromArray([3L]).Reshape(), null, Tensor.FromArray([3L]).Reshape()],
            Attributes.Of(("onesided", 0L))),
        ["Scan"] = () => new(
            "Scan", [Random(1, 2, 3), Random(2, 4, 2, 3)],
            Attributes.Of(("num_scan_inputs", 1L), ("body", Subgraphs.Of(
                ["next", "y"], 2, 2, ["h", "x"], ("Add", "h x", "a"), ("Tanh", "a", "next"), ("Mul", "next x", "y")))),
            varying: 1, outputs: 2),
        ["Scan backward"] = () => new(
            "Scan", [Random(1, 2, 4, 3), Random(2, 3)],
            Attributes.Of(
                ("num_scan_inputs", 1L), ("scan_input_axes", new long[] { 1 }), ("scan_input_directions", new long[] { 1 }),
                ("scan_output_axes", new long[] { 2 }),
                ("body", Subgraphs.Of(["y"], 1, 1, ["x", "w"], ("Mul", "x w", "a"), ("Sin", "a", "y"))))),
        ["ScatterElements"] = () => new(
            "ScatterElements", [Random(1, 2, 3), Tensor.FromArray([2L, 0], 2, 1), Random(2, 2, 1)], Attributes.Of(("axis", 1L))),
        ["ScatterElements added of the data"] = () => new(
            "ScatterElements", [Random(1, 2, 3), Tensor.FromArray([2L, -1, 0, 1], 2, 2), Random(2, 2, 2)],
            Attributes.Of(("axis", 1L), ("reduction", "add")), opset: 18, varying: 2),
        ["ScatterElements limited"] = () => new(
            "ScatterElements", [Random(1, 2, 3), Tensor.FromArray([2L, 2, 0, 1], 2, 2), Random(2, 2, 2)],
            Attributes.Of(("axis", 1L), ("reduction", "max")), opset: 18),
        ["ScatterElements multiplied"] = () => new(
            "ScatterElements", [Random(1, 2, 3), Tensor.FromArray([2L, 2, 0, 1], 2, 2), Random(2, 2, 2)],
            Attributes.Of(("axis", 1L), ("reduction", "mul")), opset: 18),
        ["ScaledDotProductAttention"] = () => new(
            "ScaledDotProductAttention", [Random(1, 2, 3, 4), Random(2, 4, 5), Random(3, 5, 2)], Attributes.Of(("scale", 0.4))),
        ["ScaledDotProductAttention by the keys"] = () => new(
            "ScaledDotProductAttention",
            [Random(2, 3, 4), Random(1, 2, 4, 3), Random(3, 3, 2), Tensor.FromArray([true, false, true], 3), Random(4, 3, 3)],
            Attributes.Of(("fill", -3.0)), varying: 1),
        ["ScaledDotProductAttention by the values"] = () => new(
            "ScaledDotProductAttention",
            [Random(2, 3, 4), Random(3, 4, 5), Random(1, 2, 5, 2), Tensor.FromArray([true, false, false, true, false], 5)],
            Attributes.Of(("fill", double.NegativeInfinity), ("keep", 0L)), varying: 2),
        ["ScatterND"] = () => new("ScatterND", [Random(1, 3, 4, 2), Tensor.FromArray([0L, 1, -1, 3], 2, 2), Random(2, 2, 2)]),
        ["ScatterND added"] = () => new(
            "ScatterND", [Random(1, 3, 4), Tensor.FromArray([0L, 2, 0], 3, 1), Random(2, 3, 4)], Attributes.Of(("reduction", "add")),
            opset: 18),
        ["ScatterND added of the data"] = () => new(
            "ScatterND", [Random(1, 3, 4), Tensor.FromArray([0L, 2, 0], 3, 1), Random(2, 3, 4)], Attributes.Of(("reduction", "add")),
            opset: 18, varying: 2),
        ["ScatterND limited"] = () => new(
            "ScatterND", [Random(1, 3, 4), Tensor.FromArray([0L, 2, 0], 3, 1), Random(2, 3, 4)], Attributes.Of(("reduction", "min")),
            opset: 18),
        ["ScatterND of the data"] = () => new("ScatterND", [Random(1, 3, 4), Tensor.FromArray([2L, 0], 2, 1), Random(2, 2, 4)], varying: 2),
        ["Selu"] = () => Plain("Selu"),
        ["Shrink"] = () => Plain("Shrink", ("lambd", 0.4), ("bias", 0.4)),
        ["Shrink with a jump"] = () => Plain("Shrink", ("lambd", 0.3), ("bias", 0.7)),
        ["Sigmoid"] = () => Plain("Sigmoid"),
        ["SimplifiedLayerNormalization"] = () => new("SimplifiedLayerNormalization", [Random(1, 2, 3, 4), Random(2, 4)]),
        ["Sin"] = () => Plain("Sin"),
        ["Sinh"] = () => Plain("Sinh"),
        ["Slice"] = () => new("Slice", [Random(1, 2, 5), Integers(-1), Integers(long.MinValue), Integers(1), Integers(-2)]),
        ["Softmax"] = () => new("Softmax", [Random(1, 2, 3, 4)]),
        ["Softmax 11"] = () => new("Softmax", [Random(1, 2, 3, 4)], opset: 11),
        ["SoftmaxCrossEntropyLoss"] = () => new(
            "SoftmaxCrossEntropyLoss", [Random(1, 3, 4), Integers(2, 0, 1), Numbers(0.5, 1, 2, 3)]),
        ["SoftmaxCrossEntropyLoss of each"] = () => new(
            "SoftmaxCrossEntropyLoss", [Random(1, 2, 3, 2), Integers(2, 0, 1, -1).Reshape(2, 2)],
            Attributes.Of(("reduction", "none"), ("ignore_index", -1L))),
        ["Softplus"] = () => Plain("Softplus"),
        ["Softsign"] = () => Plain("Softsign"),
        ["SpaceToDepth"] = () => new("SpaceToDepth", [Random(1, 1, 2, 4, 2)], Attributes.Of(("blocksize", 2L))),
        ["Split"] = () => new("Split", [Random(1, 2, 5)], Attributes.Of(("axis", 1L), ("num_outputs", 2L)), opset: 18, outputs: 2),
        ["Sqrt"] = () => new("Sqrt", [Random(1, 2, 3).Square() + 0.1]),
        ["Squeeze"] = () => new("Squeeze", [Random(1, 2, 1, 3), Integers(1)]),
        ["Sub"] = () => new("Sub", [Random(1, 3), Random(2, 2, 3)], varying: 1),
        ["Sum"] = () => new("Sum", [Random(1, 2, 1), Random(2, 3), Random(3, 1)]),
        ["Swish"] = () => new("Swish", [Random(1, 3, 4)], Attributes.Of(("alpha", 1.702)), opset: 24),
        ["Swish downwards"] = () => new("Swish", [Random(1, 3, 4)], Attributes.Of(("alpha", -0.6)), opset: 24),
        ["Tan"] = () => new("Tan", [Random(1, 2, 3).Tanh()]),
        ["Tanh"] = () => Plain("Tanh"),
        ["TensorScatter"] = () => new(
            "TensorScatter", [Random(1, 2, 2, 4, 3), Random(2, 2, 2, 2, 3), Integers(3, 1)], Attributes.Of(("mode", "circular")),
            opset: 24),
        ["TensorScatter of the data"] = () => new(
            "TensorScatter", [Random(1, 2, 2, 4, 3), Random(2, 2, 2, 2, 3), Integers(2, 0)], opset: 24, varying: 1),
        ["ThresholdedRelu"] = () => Plain("ThresholdedRelu", ("alpha", 0.2)),
        ["ThresholdedRelu without a jump"] = () => Plain("ThresholdedRelu", ("alpha", 0.0)),
        ["Tile"] = () => new("Tile", [Random(1, 1, 3, 2), Integers(1, 2, 3)]),
        ["TopK"] = () => new("TopK", [Random(1, 2, 4), Integers(3)], Attributes.Of(("axis", 1L)), outputs: 2),
        ["TopK smallest"] = () => new("TopK", [Random(1, 2, 4), Integers(2)], Attributes.Of(("largest", 0L)), outputs: 2),
        ["Transpose"] = () => new("Transpose", [Random(1, 2, 3, 4)], Attributes.Of(("perm", new long[] { 0, 2, 1 }))),
        ["Trilu"] = () => new("Trilu", [Random(1, 2, 3, 4)], opset: 14),
        ["Trilu below"] = () => new("Trilu", [Random(1, 2, 3, 4), Tensor.FromArray([-1L])], Attributes.Of(("upper", 0L)), opset: 14),
        ["Unique"] = () => new("Unique", [Random(1, 3, 4)], outputs: 4),
        ["Unsqueeze"] = () => new("Unsqueeze", [Random(1, 2, 3), Integers(-1, 1)]),
        ["Where"] = () => new("Where", [Tensor.FromArray([true, false, true], 3), Random(1, 2, 3), Random(2, 2, 1)], varying: 1),
        ["com.microsoft.FastGelu"] = () => Plain("com.microsoft.FastGelu"),
        ["com.microsoft.FusedMatMul"] = () => new(
            "com.microsoft.FusedMatMul", [Random(1, 2, 3, 4), Random(2, 5, 4)], Attributes.Of(("alpha", -0.6), ("transB", 1L))),
        ["com.microsoft.FusedMatMul of batches"] = () => new(
            "com.microsoft.FusedMatMul", [Random(1, 3, 2, 4), Random(2, 2, 3, 5)],
            Attributes.Of(("transBatchA", 1L), ("transA", 1L))),
        ["com.microsoft.Gelu"] = () => Plain("com.microsoft.Gelu"),
        ["com.microsoft.GroupQueryAttention"] = () => new(
            "com.microsoft.GroupQueryAttention",
            [
                Random(1, 1, 3, 64), Random(2, 1, 3, 32), Random(3, 1, 3, 32), null, null, Tensor.FromArray([2], 1),
                Tensor.FromArray([3], 1), Random(4, 6, 8), Random(5, 6, 8),
            ],
            Attributes.Of(("num_heads", 4L), ("kv_num_heads", 2L), ("do_rotary", 1L))),
        ["com.microsoft.GroupQueryAttention packed"] = () => new(
            "com.microsoft.GroupQueryAttention",
            [Random(1, 2, 5, 64), null, null, null, null, Tensor.FromArray([4, 4], 2), Tensor.FromArray([5], 1)],
            Attributes.Of(("num_heads", 4L), ("kv_num_heads", 2L), ("local_window_size", 2L), ("scale", 0.4), ("softcap", 2.0))),
        ["com.microsoft.GroupQueryAttention of a cache"] = () => new(
            "com.microsoft.GroupQueryAttention",
            [
                Random(1, 1, 2, 64), Random(2, 1, 2, 32), Random(3, 1, 2, 32), Random(6, 1, 2, 3, 16), Random(7, 1, 2, 3, 16),
                Tensor.FromArray([4], 1), Tensor.FromArray([5], 1), Random(4, 6, 8), Random(5, 6, 8),
            ],
            Attributes.Of(("num_heads", 4L), ("kv_num_heads", 2L), ("do_rotary", 1L)), outputs: 3),
        ["com.microsoft.GroupQueryAttention of caches"] = () => new(
            "com.microsoft.GroupQueryAttention",
            [
                Random(1, 2, 1, 64), Random(2, 2, 1, 32), Random(3, 2, 1, 32), Random(6, 2, 2, 3, 16), Random(7, 2, 2, 3, 16),
                Tensor.FromArray([3, 1], 2), Tensor.FromArray([4], 1), Random(4, 6, 8), Random(5, 6, 8),
            ],
            Attributes.Of(("num_heads", 4L), ("kv_num_heads", 2L), ("do_rotary", 1L), ("smooth_softmax", 1L)), outputs: 3),
        ["com.microsoft.GroupQueryAttention with sinks"] = () => new(
            "com.microsoft.GroupQueryAttention",
            [
                Random(1, 2, 5, 64), null, null, null, null, Tensor.FromArray([4, 4], 2), Tensor.FromArray([5], 1), null, null, null, null,
                Random(2, 4),
            ],
            Attributes.Of(("num_heads", 4L), ("kv_num_heads", 2L), ("local_window_size", 3L))),
        ["com.microsoft.MultiHeadAttention"] = () => new(
            "com.microsoft.MultiHeadAttention",
            [
                Random(1, 2, 3, 8), Random(2, 2, 5, 8), Random(3, 2, 5, 6), Random(4, 22),
                Tensor.FromArray([1, 1, 0, 1, 1, 1, 1, 1, 1, 0], 2, 5),
            ],
            Attributes.Of(("num_heads", 2L))),
        ["com.microsoft.MultiHeadAttention of the keys"] = () => new(
            "com.microsoft.MultiHeadAttention",
            [Random(1, 2, 3, 8), Random(2, 2, 3, 8), Random(3, 2, 3, 8), null, null, Random(4, 1, 2, 3, 3)],
            Attributes.Of(("num_heads", 2L), ("unidirectional", 1L), ("scale", 0.3)), varying: 1),
        ["com.microsoft.MultiHeadAttention packed"] = () => new(
            "com.microsoft.MultiHeadAttention", [Random(1, 2, 3, 2, 3, 4)], Attributes.Of(("num_heads", 2L))),
        ["com.microsoft.QuickGelu"] = () => Plain("com.microsoft.QuickGelu", ("alpha", 1.3)),
        ["com.microsoft.RotaryEmbedding"] = () => new(
            "com.microsoft.RotaryEmbedding", [Random(1, 2, 3, 8), Tensor.FromArray([1L], 1), Random(2, 5, 2), Random(3, 5, 2)]),
        ["com.microsoft.RotaryEmbedding of positions"] = () => new(
            "com.microsoft.RotaryEmbedding",
            [Random(1, 2, 2, 3, 4), Tensor.FromArray([1L, 0, 3, 3, 2, 4], 2, 3), Random(2, 5, 2), Random(3, 5, 2)],
            Attributes.Of(("interleaved", 1L))),
    };

    public static IEnumerable<string> Names => s_nodes.Keys;

    public static OneNode Make(string name) => s_nodes[name]();

    // The first sequence of a batch of two ends before the last of its three steps.
    private static Tensor Lengths => Tensor.FromArray([2, 3], 2);

    private static OneNode Plain(string type, params (string, object)[] attributes) =>
        new(type, [Random(1, 3, 4)], Attributes.Of(attributes), opset: 22);

    private static OneNode Image(string type, params (string, object)[] attributes) =>
        new(type, [Random(1, 1, 2, 5, 6)], Attributes.Of(attributes), opset: 19);

    private static Tensor Number(double value) => Tensor.Full([], value, ScalarType.Float64);
}
