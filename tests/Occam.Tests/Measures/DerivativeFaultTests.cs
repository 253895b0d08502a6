using Occam.Derivatives;
using Occam.Networks;
using Occam.Tests.Networks;
using Occam.Tests.Networks.Operators;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Measures;

/// <summary>Where a derivative ends in an error of libtorch's, the node and its shapes are told.</summary>
public sealed class DerivativeFaultTests
{
    private readonly Network _network = new(TestGraphs.Graph(
        [null, 3],
        [
            TestGraphs.Node("Gemm", ["x", "w"], ["h"]), TestGraphs.Node("Tanh", ["h"], ["t"]), TestGraphs.Node("Exp", ["t"], ["e"]),
            TestGraphs.Node("Neg", ["e"], ["y"]),
        ],
        ("w", OneNode.Random(1, 3, 4))));

    [Fact]
    public void The_node_whose_pass_back_fails_is_named_with_its_shapes()
    {
        using var scope = Libtorch.NewDisposeScope();
        var x = OneNode.Random(2, 2, 3);
        Assert.Null(DerivativeFault.Find(_network, x));
        Tensor[] Broken(Node node, Tensor?[] inputs)
        {
            var outputs = ExecutionPlan.RunNode(_network, node, inputs, RunOptions.Evaluation);
            if (node.OperatorType == "Exp")
            {
                // Its slope is its value, which is written over: libtorch notices in the pass back.
                _ = outputs[0].Square().AddInPlace(outputs[0]);
                using var grad = Libtorch.NoGrad();
                outputs[0].AddInPlace(Tensor.OnesLike(outputs[0]));
            }

            return outputs;
        }

        var told = DerivativeFault.Find(_network, x, Broken);
        Assert.StartsWith("Exp 'Exp:e' can't be differentiated at t: 2×4: ", told, StringComparison.Ordinal);
        Assert.Contains("modified by an inplace operation", told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_parameter_whose_gradient_fails_is_found_at_its_node()
    {
        using var scope = Libtorch.NewDisposeScope();
        var x = OneNode.Random(2, 2, 3);
        Tensor[] Broken(Node node, Tensor?[] inputs)
        {
            var outputs = ExecutionPlan.RunNode(_network, node, inputs, RunOptions.Evaluation);
            if (node.OperatorType == "Gemm")
            {
                // The gradient by the weights needs the data as they were, and nothing else does.
                using var grad = Libtorch.NoGrad();
                inputs[0]!.AddInPlace(Tensor.OnesLike(inputs[0]!));
            }

            return outputs;
        }

        Assert.Null(DerivativeFault.Find(_network.WithOutput("h"), x, Broken, new HashSet<string> { "v" }));
        var told = DerivativeFault.Find(_network, x.Clone(), Broken, new HashSet<string> { "w" });
        Assert.StartsWith("Gemm 'Gemm:h' can't be differentiated at x: 2×3, w: 3×4: ", told, StringComparison.Ordinal);
    }
}
