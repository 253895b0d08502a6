using System.Collections.Immutable;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Tests.Networks.Operators;

/// <summary>A network of one node whose first input (or the one chosen) is the network's and whose others are stored.</summary>
internal sealed class OneNode
{
    public OneNode(string type, Tensor?[] inputs, Attributes? attributes = null, int opset = 17, int varying = 0, int outputs = 1)
    {
        Inputs = inputs;
        Varying = varying;
        ImmutableArray<string> names = [.. inputs.Select((tensor, i) => tensor is null ? "" : i == varying ? "x" : $"input{i}")];
        Node = new Node(
            "node", type.Split('.')[^1], string.Join('.', type.Split('.')[..^1]), names,
            [.. Enumerable.Range(0, outputs).Select(i => $"output{i}")], attributes ?? Attributes.None);
        var stored = names.Index().Where(pair => pair.Item.StartsWith("input", StringComparison.Ordinal))
            .ToImmutableDictionary(pair => pair.Item, pair => inputs[pair.Index]!);
        Network = new Network(new Graph
        {
            Opset = opset,
            Input = new ValueInfo("x", ScalarType.Float64, [.. X.Shape.Select((size, i) => i == 0 ? null : (long?)size)]),
            Outputs = [new ValueInfo("output0", ScalarType.Float64, [])],
            Nodes = [Node],
            Initializers = stored.Add("type", Tensor.Zeros([1], ScalarType.Float64)),
        });
    }

    public Network Network { get; }

    public Node Node { get; }

    public Tensor?[] Inputs { get; }

    public int Varying { get; }

    public Tensor X => Inputs[Varying]!;

    public Operator Operator => Network.Operators[Node];

    /// <summary>The first output in evaluation.</summary>
    public Tensor Run(Tensor? x = null, string output = "output0", RunOptions? options = null) =>
        Network.Run(x ?? X, [output], options)[output];

    public NodeCall Call(Tensor? x = null) =>
        Network.Call(Node, [.. Inputs.Select((tensor, i) => i == Varying ? x ?? X : tensor)], RunOptions.Evaluation);

    /// <summary>The Lipschitz bound for an input bound of 1, with the linear norm from the dense matrix.</summary>
    public double? Bound()
    {
        var bounds = Inputs.Select((tensor, i) => i == Varying && tensor is not null ? 1.0 : 0.0).ToArray();
        return Operator.Lipschitz(new LipschitzCall(Call(), bounds, Run(), DenseNorm));
    }

    /// <summary>The largest singular value of the Jacobian at a point.</summary>
    public double DenseNorm() => Jacobian().SingularValues().AMax([0]).Item();

    /// <summary>The whole Jacobian: outputs × inputs.</summary>
    public Tensor Jacobian(Tensor? at = null)
    {
        var x = (at ?? X).Clone().RequireGrad();
        var y = Run(x).Flatten();
        return Tensor.Stack(
            [.. Enumerable.Range(0, (int)y.Elements).Select(i => Autograd.Grad(y.Select(0, i), x, retainGraph: true).Flatten())], 0);
    }

    /// <summary>Standard normal numbers in float64.</summary>
    public static Tensor Random(int seed, params long[] shape)
    {
        using var generator = new Generator((ulong)seed);
        return Tensor.Randn(shape, generator, ScalarType.Float64);
    }

    public static Tensor Numbers(params double[] values) => Tensor.FromArray(values, values.Length);

    public static Tensor Integers(params long[] values) => Tensor.FromArray(values, values.Length);
}
