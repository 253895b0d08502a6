using Occam.Networks;
using Occam.Networks.Onnx;
using Occam.Tests.Networks.Operators;
using Occam.Torch;
using Xunit;
using static Occam.Networks.Onnx.AttributeProto.Types;

namespace Occam.Tests.Networks;

/// <summary>Functions that a model brings along, against ONNX Runtime, which inlines them by itself.</summary>
public sealed class FunctionTests
{
    private const string Domain = "example.layers";

    [Fact]
    public void Calls_are_replaced_by_what_they_call()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        Write(Layers(), folder);
        OnnxRuntimePeer.Agrees(folder.File("model.onnx"), Input());
        var graph = OnnxReader.Read(folder.File("model.onnx"));
        Assert.Equal(
            ["Gemm", "LeakyRelu", "Gemm", "LeakyRelu", "Mul", "Gemm", "LeakyRelu"], graph.Nodes.Select(node => node.OperatorType));
        Assert.Equal(graph.Nodes.Length, graph.Nodes.Select(node => node.Name).Distinct().Count());

        // The caller's slope, the function's default, and none at all.
        Assert.Equal([0.3, 0.2, 0.2], graph.Nodes.Where(node => node.OperatorType == "LeakyRelu")
            .Select(node => Math.Round(node.Attributes.Float("alpha", 0.01), 6)));
        Assert.Equal(6, new Network(graph).Parameters.Length);
    }

    [Fact]
    public void An_attribute_that_nobody_gives_is_left_out()
    {
        var model = Layers();
        model.Functions[0].AttributeProto.Clear();
        var graph = Read(model);
        Assert.Equal([true, false, false], graph.Nodes.Where(node => node.OperatorType == "LeakyRelu")
            .Select(node => node.Attributes.Has("alpha")));
    }

    [Fact]
    public void What_a_function_hands_through_or_leaves_open_is_right()
    {
        using var scope = Libtorch.NewDisposeScope();
        var model = Model(new NodeProto { OpType = "pass", Domain = Domain, Input = { "x" }, Output = { "h", "", "y" } });
        model.Functions.Add(Function("pass", ["a", "b"], ["a", "c", "d"],
            new NodeProto { OpType = "Clip", Input = { "a", "b" }, Output = { "c" } },
            new NodeProto { OpType = "Neg", Input = { "c" }, Output = { "d" } }));
        var graph = Read(model);
        Assert.Contains(graph.Nodes, node => node.OperatorType == "Identity");
        Close.Equal(-Input(), new Network(graph).Forward(Input()));
    }

    [Theory]
    [InlineData(17, 13, true)]
    [InlineData(11, 12, true)]
    [InlineData(17, 12, false)]
    [InlineData(12, 17, false)]
    [InlineData(17, 10, false)]
    [InlineData(17, 99, false)]
    public void A_functions_operator_set_may_differ_where_its_operators_mean_the_same(int graph, int function, bool same)
    {
        var model = Model(new NodeProto { OpType = "f", Domain = Domain, Input = { "x" }, Output = { "y" } });
        model.OpsetImport[0].Version = graph;
        model.Functions.Add(Function("f", ["a"], ["b"], new NodeProto { OpType = "Softmax", Input = { "a" }, Output = { "b" } }));
        model.Functions[0].OpsetImport[0].Version = function;
        if (same)
        {
            Assert.Equal("Softmax", Assert.Single(Read(model).Nodes).OperatorType);
            return;
        }

        var e = Assert.Throws<OccamException>(() => Read(model));
        Assert.Contains($"'example.layers.f' is written in version {function}", e.Message);
    }

    [Fact]
    public void A_function_that_calls_itself_is_refused()
    {
        var model = Layers();
        model.Functions[0].Node[1] = new NodeProto { OpType = "two", Domain = Domain, Input = { "p", "w", "b" }, Output = { "r" } };
        Assert.Contains("calls itself", Assert.Throws<OccamException>(() => Read(model)).Message);
    }

    [Fact]
    public void Functions_that_double_and_double_are_refused()
    {
        var model = Model(new NodeProto { OpType = "f0", Domain = Domain, Input = { "x" }, Output = { "y" } });
        for (var i = 0; i < 40; i++)
        {
            string inner = i < 39 ? $"f{i + 1}" : "Relu", domain = i < 39 ? Domain : "";
            model.Functions.Add(Function(
                $"f{i}", ["a"], ["c"],
                new NodeProto { OpType = inner, Domain = domain, Input = { "a" }, Output = { "b" } },
                new NodeProto { OpType = inner, Domain = domain, Input = { "b" }, Output = { "c" } }));
        }

        Assert.Contains("nodes", Assert.Throws<OccamException>(() => Read(model)).Message);
    }

    [Fact]
    public void Two_functions_of_one_name_are_refused()
    {
        var model = Layers();
        model.Functions.Add(model.Functions[0]);
        Assert.Contains("twice", Assert.Throws<OccamException>(() => Read(model)).Message);
    }

    // y = layer(two(x)) where two calls layer twice: the names inside are the same each time.
    private static ModelProto Layers()
    {
        var call = new NodeProto { OpType = "layer", Domain = Domain, Name = "last", Input = { "h", "w3", "b3" }, Output = { "y" } };
        var two = new NodeProto { OpType = "two", Domain = Domain, Name = "first", Input = { "x", "w", "b" }, Output = { "h" } };
        var model = Model(two, call);
        model.Functions.Add(Function(
            "layer", ["x", "w", "b"], ["r"],
            new NodeProto { OpType = "Gemm", Input = { "x", "w", "b" }, Output = { "p" } },
            new NodeProto
            {
                OpType = "LeakyRelu",
                Input = { "p" },
                Output = { "r" },
                Attribute = { new AttributeProto { Name = "alpha", Type = AttributeType.Float, RefAttrName = "slope" } },
            }));
        model.Functions[0].AttributeProto.Add(new AttributeProto { Name = "slope", Type = AttributeType.Float, F = 0.2f });
        model.Functions.Add(Function(
            "two", ["x", "w", "b"], ["t"],
            new NodeProto
            {
                OpType = "layer",
                Domain = Domain,
                Input = { "x", "w", "b" },
                Output = { "p" },
                Attribute = { new AttributeProto { Name = "slope", Type = AttributeType.Float, F = 0.3f } },
            },
            new NodeProto { OpType = "layer", Domain = Domain, Input = { "p", "w2", "b2" }, Output = { "r" } },
            new NodeProto { OpType = "Mul", Input = { "r", "r" }, Output = { "t" } }));
        model.Functions[1].Input.Add(["w2", "b2"]);
        model.Graph.Node[0].Input.Add(["w2", "b2"]);
        return model;
    }

    private static FunctionProto Function(string name, string[] inputs, string[] outputs, params NodeProto[] nodes) => new()
    {
        Name = name,
        Domain = Domain,
        Input = { inputs },
        Output = { outputs },
        Node = { nodes },
        OpsetImport =
        {
            new OperatorSetIdProto { Domain = "", Version = 17 }, new OperatorSetIdProto { Domain = Domain, Version = 1 },
        },
    };

    private static ModelProto Model(params NodeProto[] nodes)
    {
        using Generator generator = new(1);
        var model = ModelProto.Parser.ParseFrom(OnnxFiles.Bytes(TestGraphs.Graph(
            [null, 3],
            [TestGraphs.Node("Relu", ["x"], ["y"])],
            ("w", Tensor.Randn([3, 4], generator)), ("b", Tensor.Randn([4], generator)), ("w2", Tensor.Randn([4, 5], generator)),
            ("b2", Tensor.Randn([5], generator)), ("w3", Tensor.Randn([5, 2], generator)), ("b3", Tensor.Randn([2], generator)))));
        model.IrVersion = 10;
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = Domain, Version = 1 });
        model.Graph.Node.Clear();
        model.Graph.Node.Add(nodes);
        return model;
    }

    private static Tensor Input()
    {
        using Generator generator = new(2);
        return Tensor.Randn([4, 3], generator);
    }

    private static Graph Read(ModelProto model) => OnnxFiles.Read(model);

    private static void Write(ModelProto model, TemporaryFolder folder)
    {
        using var file = File.Create(folder.File("model.onnx"));
        Google.Protobuf.MessageExtensions.WriteTo(model, file);
    }
}
