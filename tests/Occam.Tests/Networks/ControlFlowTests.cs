using Occam.Data;
using Occam.Measures;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Tests.Networks.Operators;
using Occam.Torch;
using Xunit;
using static Occam.Networks.Onnx.TensorProto.Types;

namespace Occam.Tests.Networks;

/// <summary>If, Loop and Scan in files: what their graphs capture and store, and what is resolved on loading.</summary>
public sealed class ControlFlowTests
{
    private static Tensor X => OneNode.Random(1, 2, 3).To(ScalarType.Float32);

    [Fact]
    public void What_nested_graphs_store_are_parameters_and_what_they_use_is_captured()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        var path = Write(folder, Choice());
        OnnxRuntimePeer.Agrees(path, X);
        OnnxRuntimePeer.Agrees(path, -X.Abs());
        var network = new Network(OnnxReader.Read(path));
        Assert.Equal(["k", "w", "w_2"], network.Parameters.Select(parameter => parameter.Name).Order());
        Assert.Equal(["positive", "x", "yes", "x", "w", "w_2", "k"], network.Graph.Nodes[^1].Inputs);
        Assert.True(network.DependsOnData.Contains("y") && network.Differentiable.Contains("y"));
    }

    [Fact]
    public void A_graph_written_and_read_again_computes_the_same()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        var graph = OnnxReader.Read(Write(folder, Choice()));
        OnnxWriter.Write(graph, folder.File("again.onnx"));
        Close.Equal(new Network(graph).Forward(X), new Network(OnnxReader.Read(folder.File("again.onnx"))).Forward(X));
        OnnxRuntimePeer.Agrees(folder.File("again.onnx"), X);
    }

    [Fact]
    public void A_choice_by_the_data_is_made_for_each_example()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        var loaded = NetworkLoader.Load(Write(folder, Choice()));
        Assert.Equal(1, loaded.FixedBatch);
        Assert.Contains(loaded.Notes, note => note.Contains("chooses by the data", StringComparison.Ordinal));
        var examples = Tensor.Cat([X.Abs(), -X.Abs()], 0);
        var alone = Enumerable.Range(0, 4).Select(i => loaded.Network!.Forward(examples.Narrow(0, i, 1)));
        Close.Equal(Tensor.Cat([.. alone], 0), loaded.Function.Forward(examples));
    }

    [Fact]
    public void A_choice_by_a_constant_and_a_short_loop_are_resolved()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        var path = Write(folder, Resolvable());
        OnnxRuntimePeer.Agrees(path, X);
        var network = NetworkLoader.Load(path).Network!;
        Assert.DoesNotContain(network.Graph.Nodes, node => Subgraph.Of(node).Any());
        Assert.Null(network.FirstCurvedNode());
        Assert.Equal(["w"], network.Parameters.Select(parameter => parameter.Name));
        Close.Equal(new Network(OnnxReader.Read(path)).Forward(X), network.Forward(X));
    }

    [Fact]
    public void A_loop_runs_while_its_graph_says_so()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();

        // Doubles the data until their sum passes 100.
        var body = Body(
            [Input("round", DataType.Int64), Input("go", DataType.Bool), Input("h")], [Input("on", DataType.Bool), Input("next")],
            Node("Add", "h h", "next"), Node("ReduceSum", "next", "sum"), Node("Less", "sum limit", "on"));
        var loop = Node("Loop", " yes x", "y", ("body", body));
        var path = Write(folder, Model([loop], ("yes", [1], true), ("limit", [100], false)));
        OnnxRuntimePeer.Agrees(path, X.Abs());
        var x = X.Abs();
        var doubled = x;
        do
        {
            doubled += doubled;
        }
        while (doubled.Sum().Item() < 100);
        Close.Equal(doubled, new Network(OnnxReader.Read(path)).Forward(x));
        Assert.Equal(1, NetworkLoader.Load(path).FixedBatch);
    }

    /// <summary>More rounds than are written out, in each of which the state is rounded.</summary>
    [Theory]
    [InlineData(100, "Round", false, false)]
    [InlineData(100, "Tanh", true, false)]
    [InlineData(100, "", true, true)]
    public void A_loop_whose_state_is_rounded_passes_no_derivative(long count, string step, bool passes, bool isNoted)
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        NodeProto[] inside = step.Length > 0
            ? [Node(step, "h", "s"), Node("Mul", "s k", "next")]
            : [Node("Round", "h", "r"), Node("Add", "h r", "s"), Node("Mul", "s k", "next")];
        var body = Body(
            [Input("round", DataType.Int64), Input("go", DataType.Bool), Input("h")], [Input("on", DataType.Bool), Input("next")],
            [Node("Identity", "go", "on"), .. inside]);
        var model = Model([Node("Loop", "count yes x", "y", ("body", body))], ("yes", [1], true), ("k", [0.5f], false));
        model.Graph.Initializer.Add(new TensorProto { Name = "count", DataType = (int)DataType.Int64, Int64Data = { count } });

        var loaded = NetworkLoader.Load(Write(folder, model));
        var context = new MeasureContext(Subject.Of(loaded), DataSet.FromArrays("x", [3], X.ToArray<float>()));

        Assert.Contains(loaded.Network!.Graph.Nodes, node => node.OperatorType == "Loop");
        Assert.Equal(passes, DerivativePaths.Missing(loaded.Network) is null);
        Assert.Equal(!passes, DerivativePaths.Missing(loaded.Network)?.Contains("Round", StringComparison.Ordinal) == true);
        Assert.Equal(
            isNoted || !passes,
            DerivativePaths.Notes(loaded.Network).Any(note => note.Contains("Round", StringComparison.Ordinal)
                && note.Contains("inside Loop", StringComparison.Ordinal)));
        Assert.Equal(passes, MeasureCatalogue.Find("geometric-complexity").Measurement(context).Value is not null);
    }

    [Fact]
    public void A_step_in_one_branch_is_told()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        ModelProto Branches(string one, string other) => Model(
            [
                Node("ReduceSum", "x", "sum"), Node("Greater", "sum zero", "positive"),
                Node(
                    "If", "positive", "y", ("then_branch", Body([], [Input("a")], Node(one, "x", "a"))),
                    ("else_branch", Body([], [Input("b")], Node(other, "x", "b")))),
            ],
            ("zero", [0], false));
        Network Loaded(string one, string other) => NetworkLoader.Load(Write(folder, Branches(one, other))).Network!;

        Assert.Empty(DerivativePaths.Notes(Loaded("Tanh", "Exp")));
        Assert.Contains("Round", Assert.Single(DerivativePaths.Notes(Loaded("Tanh", "Round"))));
        Assert.Contains("Round", DerivativePaths.Missing(Loaded("Floor", "Round")));
        Assert.DoesNotContain("Greater", DerivativePaths.Missing(Loaded("Floor", "Round")));
    }

    /// <summary>A weight in a Constant node inside a loop is one weight, whether the rounds are written out or not.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(100)]
    public void A_weight_that_a_loop_stores_counts_once(long count)
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        var constant = Node("Constant", "", "w");
        constant.Input.Clear();
        constant.Attribute.Add(new AttributeProto
        {
            Name = "value",
            Type = AttributeProto.Types.AttributeType.Tensor,
            T = Stored("w", 0.5f, -0.25f, 0.75f),
        });
        var body = Body(
            [Input("round", DataType.Int64), Input("go", DataType.Bool), Input("h")], [Input("on", DataType.Bool), Input("next")],
            Node("Identity", "go", "on"), constant, Node("Mul", "h w", "next"));
        var model = Model([Node("Loop", "count yes x", "y", ("body", body))], ("yes", [1], true));
        model.Graph.Initializer.Add(new TensorProto { Name = "count", DataType = (int)DataType.Int64, Int64Data = { count } });
        var path = Write(folder, model);
        OnnxRuntimePeer.Agrees(path, X);

        Assert.Equal(3, NetworkLoader.Load(path).Network!.ParameterCount);
    }

    /// <summary>PyTorch's newer exporter gathers tensors in a sequence, round by round, and joins them.</summary>
    [Fact]
    public void Sequences_are_resolved_where_it_is_known_what_is_in_them()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        var body = Body(
            [Input("round", DataType.Int64), Input("go", DataType.Bool), Input("h"), Input("list")],
            [Input("go2", DataType.Bool), Input("h2"), Input("longer")],
            Node("Identity", "go", "go2"), Node("Add", "h w", "h2"), Node("SequenceInsert", "list h2", "longer"));
        (body.Input[3].Type, body.Output[2].Type) = (null, null);
        NodeProto Joined(string inputs, string outputs, long axis, long newAxis)
        {
            var node = Node("ConcatFromSequence", inputs, outputs);
            node.Attribute.Add(new AttributeProto { Name = "axis", Type = AttributeProto.Types.AttributeType.Int, I = axis });
            node.Attribute.Add(new AttributeProto { Name = "new_axis", Type = AttributeProto.Types.AttributeType.Int, I = newAxis });
            return node;
        }

        var model = Model(
            [
                Node("SequenceEmpty", "", "none"), Node("Loop", "three  x none", "last list", ("body", body)),
                Node("SequenceErase", "list one", "two"), Node("SequenceInsert", "two x zero", "again"),
                Joined("again", "stacked", 1, 1), Joined("two", "side", 1, 0), Node("SequenceAt", "list minus", "end"),
                Node("SequenceLength", "again", "length"), Node("SplitToSequence", "x parts", "rows"),
                Node("SequenceAt", "rows one", "row"), Node("ReduceSum", "stacked", "s"), Node("ReduceSum", "side", "t"),
                Node("Cast", "length", "n"), Node("Add", "s t", "u"), Node("Mul", "u n", "v"), Node("Add", "v end", "z"),
                Node("Add", "z row", "y"),
            ],
            ("w", [1, -1, 0.5f], false));
        model.Graph.Node[0].Input.Clear();
        void Whole(string name, params long[] numbers)
        {
            TensorProto tensor = new() { Name = name, DataType = (int)DataType.Int64, Int64Data = { numbers } };
            tensor.Dims.AddRange(numbers.Length > 1 ? [numbers.Length] : Array.Empty<long>());
            model.Graph.Initializer.Add(tensor);
        }

        Whole("zero", 0);
        Whole("one", 1);
        Whole("three", 3);
        Whole("minus", -1);
        Whole("parts", 1, 1);
        model.Graph.Node.Single(node => node.OpType == "Cast").Attribute.Add(
            new AttributeProto { Name = "to", Type = AttributeProto.Types.AttributeType.Int, I = 1 });
        var path = Write(folder, model);
        OnnxRuntimePeer.Agrees(path, new Dictionary<string, NumberArray> { ["x"] = new(X.ToArray<float>(), [2, 3]) });
        var loaded = RunnableModel.Load(path);
        Assert.DoesNotContain(loaded.Network.Graph.Nodes, node => node.OperatorType.Contains("Sequence", StringComparison.Ordinal));

        // How many parts there are, the file doesn't say.
        model.Graph.Node.Single(node => node.OpType == "SplitToSequence").Input.RemoveAt(1);
        Assert.Contains(
            "unknown operator SplitToSequence",
            Assert.Throws<OccamException>(() => RunnableModel.Load(Write(folder, model))).Message);
    }

    [Fact]
    public void A_scan_of_more_sequences_than_it_has_inputs_is_read_and_not_run()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        var scan = Node("Scan", "x", "y", ("body", Body(
            [Input("part", DataType.Float, 2)], [Input("out", DataType.Float, 2)], Node("Sin", "part", "out"))));
        scan.Attribute.Add(new AttributeProto { Name = "num_scan_inputs", Type = AttributeProto.Types.AttributeType.Int, I = 4 });
        GraphProto graph = new()
        {
            Name = "model",
            Input = { Input("x", DataType.Float, 4, 2) },
            Output = { Input("y", DataType.Float, 4, 2) },
            Node = { scan },
        };
        ModelProto model = new() { IrVersion = 8, Graph = graph, OpsetImport = { new OperatorSetIdProto { Version = 17 } } };

        var network = new Network(OnnxReader.Read(Write(folder, model)));

        Assert.NotEqual(Linearity.Affine, network.LinearityOf(network.Graph.Nodes[^1]));
        Assert.Throws<OccamException>(() => network.Forward(Tensor.Zeros([4, 2])));
    }

    /// <summary>Each example has a state and a sequence; the graph also captures a weight.</summary>
    [Fact]
    public void A_scan_of_operator_set_8_goes_through_the_sequences_of_each_example()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        var scan = Node("Scan", " h x", "last y", ("body", Body(
            [Input("state", DataType.Float, 2), Input("part", DataType.Float, 2)],
            [Input("next", DataType.Float, 2), Input("out", DataType.Float, 2)],
            Node("Mul", "state w", "kept"), Node("Add", "kept part", "next"), Node("Sin", "next", "out"))));
        scan.Attribute.Add(new AttributeProto { Name = "num_scan_inputs", Type = AttributeProto.Types.AttributeType.Int, I = 1 });
        scan.Attribute.Add(new AttributeProto { Name = "directions", Type = AttributeProto.Types.AttributeType.Ints, Ints = { 1 } });
        GraphProto graph = new()
        {
            Name = "model",
            Input = { Input("h", DataType.Float, 3, 2), Input("x", DataType.Float, 3, 4, 2) },
            Output = { Input("last", DataType.Float, 3, 2), Input("y", DataType.Float, 3, 4, 2) },
            Node = { scan },
            Initializer = { Stored("w", 0.5f, -2) },
        };
        ModelProto model = new() { IrVersion = 4, Graph = graph, OpsetImport = { new OperatorSetIdProto { Version = 8 } } };
        NumberArray Numbers(int seed, params int[] shape) => new(
            OneNode.Random(seed, [.. shape.Select(size => (long)size)]).To(ScalarType.Float32).ToArray<float>(), shape);
        Dictionary<string, NumberArray> arrays = new() { ["h"] = Numbers(1, 3, 2), ["x"] = Numbers(2, 3, 4, 2) };
        var path = Write(folder, model);
        OnnxRuntimePeer.Agrees(path, arrays);
        Assert.Equal(["w"], new Network(OnnxReader.Read(path)).Parameters.Select(parameter => parameter.Name));

        // What is written is a file of a later set.
        OnnxWriter.Write(OnnxReader.Read(path), folder.File("again.onnx"));
        OnnxRuntimePeer.Agrees(folder.File("again.onnx"), arrays);

        scan.Input[0] = "h";
        Assert.Contains(
            "the lengths of its sequences", Assert.Throws<OccamException>(() => OnnxReader.Read(Write(folder, model))).Message);
    }

    [Fact]
    public void What_a_graph_inside_cannot_be_is_refused_on_reading()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        string Refused(params NodeProto[] nodes) => Assert.Throws<OccamException>(
            () => new Network(OnnxReader.Read(Write(folder, Model(nodes, ("yes", [1], true)))))).Message;
        NodeProto If(params NodeProto[] branch) =>
            Node("If", "yes", "y", ("then_branch", Body([], [Input("z")], branch)), ("else_branch", Body([], [Input("z")], branch)));
        Assert.Contains("takes the value 'nowhere', which nothing", Refused(If(Node("Neg", "nowhere", "z"))));
        Assert.Contains("unknown operator Invented", Refused(If(Node("Invented", "x", "z"))));
        var loop = Node("Loop", " yes x", "y", ("body", Body([Input("round", DataType.Int64)], [Input("z")], Node("Neg", "x", "z"))));
        Assert.Contains("3 inputs, and its graph 1", Refused(loop));
    }

    // y = x · 2 where Σx > 0; elsewhere (x + w) or (x ∘ w_2) · k, by a constant.
    private static ModelProto Choice()
    {
        var inner = Node(
            "If", "yes", "p",
            ("then_branch", Body([], [Input("s")], [Stored("w", 0.5f, -1, 2)], Node("Add", "x w", "s"))),
            ("else_branch", Body([], [Input("q")], [Stored("w", 2, 3, 4)], Node("Mul", "x w", "q"))));
        var choice = Node(
            "If", "positive", "y",
            ("then_branch", Body([], [Input("d")], Node("Add", "x x", "d"))),
            ("else_branch", Body([], [Input("m")], inner, Node("Mul", "p k", "m"))));
        return Model(
            [Node("ReduceSum", "x", "sum"), Node("Greater", "sum zero", "positive"), choice],
            ("zero", [0], false), ("k", [3, 2, 1], false), ("yes", [1], true));
    }

    // Three times x + w, each kept; relu of their sum.
    internal static ModelProto Resolvable()
    {
        var body = Body(
            [Input("round", DataType.Int64), Input("go", DataType.Bool), Input("h")],
            [Input("go2", DataType.Bool), Input("h2"), Input("kept")],
            Node("Identity", "go", "go2"), Node("Add", "h w", "h2"), Node("Relu", "h2", "kept"));
        var choice = Node(
            "If", "yes", "y",
            ("then_branch", Body([], [Input("kept")], Node("Relu", "total", "kept"))),
            ("else_branch", Body([], [Input("kept")], Node("Exp", "total", "kept"))));
        var model = Model(
            [Node("Loop", "three  x", "last all", ("body", body)), Node("ReduceSum", "all zeroth", "total"), choice],
            ("w", [1, -1, 0.5f], false), ("yes", [1], true));
        model.Graph.Initializer.Add(new TensorProto { Name = "three", DataType = (int)DataType.Int64, Int64Data = { 3 } });
        model.Graph.Initializer.Add(new TensorProto { Name = "zeroth", DataType = (int)DataType.Int64, Dims = { 1 }, Int64Data = { 0 } });
        model.Graph.Node[1].Attribute.Add(new AttributeProto { Name = "keepdims", Type = AttributeProto.Types.AttributeType.Int, I = 0 });
        return model;
    }

    private static string Write(TemporaryFolder folder, ModelProto model)
    {
        File.WriteAllBytes(folder.File("model.onnx"), Google.Protobuf.MessageExtensions.ToByteArray(model));
        return folder.File("model.onnx");
    }

    private static ModelProto Model(NodeProto[] nodes, params (string Name, float[] Values, bool IsTruth)[] stored)
    {
        GraphProto graph = new() { Name = "model", Input = { Input("x", DataType.Float, 2, 3) }, Output = { Input("y") } };
        graph.Input[0].Type.TensorType.Shape.Dim[0] = new TensorShapeProto.Types.Dimension { DimParam = "batch" };
        graph.Node.AddRange(nodes);
        graph.Initializer.AddRange(stored.Select(each => each.IsTruth
            ? new TensorProto { Name = each.Name, DataType = (int)DataType.Bool, Int32Data = { (int)each.Values[0] } }
            : Stored(each.Name, each.Values)));
        return new ModelProto { IrVersion = 8, Graph = graph, OpsetImport = { new OperatorSetIdProto { Version = 17 } } };
    }

    private static TensorProto Stored(string name, params float[] values)
    {
        TensorProto tensor = new() { Name = name, DataType = (int)DataType.Float, FloatData = { values } };
        tensor.Dims.AddRange(values.Length == 1 ? [] : [values.Length]);
        return tensor;
    }

    private static ValueInfoProto Input(string name, DataType type = DataType.Float, params long[] sizes)
    {
        TypeProto.Types.Tensor tensor = new() { ElemType = (int)type };

        // ONNX Runtime wants to know that counters and conditions are single numbers.
        if (sizes.Length > 0 || type != DataType.Float)
        {
            tensor.Shape = new TensorShapeProto();
            tensor.Shape.Dim.AddRange(sizes.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }));
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    private static GraphProto Body(ValueInfoProto[] inputs, ValueInfoProto[] outputs, params NodeProto[] nodes) =>
        Body(inputs, outputs, [], nodes);

    private static GraphProto Body(
        ValueInfoProto[] inputs, ValueInfoProto[] outputs, TensorProto[] stored, params NodeProto[] nodes) => new()
        {
            Name = "inside",
            Input = { inputs },
            Output = { outputs },
            Initializer = { stored },
            Node = { nodes },
        };

    private static NodeProto Node(string type, string inputs, string outputs, params (string Name, GraphProto Graph)[] graphs)
    {
        NodeProto node = new() { OpType = type, Input = { inputs.Split(' ') }, Output = { outputs.Split(' ') } };
        node.Attribute.AddRange(graphs.Select(graph => new AttributeProto
        {
            Name = graph.Name,
            Type = AttributeProto.Types.AttributeType.Graph,
            G = graph.Graph,
        }));
        return node;
    }
}
