using Occam.Data;
using Occam.Measures;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Bench;

/// <summary>Multiplications and additions by a direct count: what a program without fast algorithms for convolutions would do.</summary>
internal static class OperationCount
{
    /// <summary>One forward pass of one example: 2 for each weight and place of its layer.</summary>
    public static double OfForwardPass(Network network, Tensor example)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var weights = network.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value);
        var values = network.Run(example, [.. network.Graph.Varying.Where(name => name != network.Graph.Input.Name)]);
        return network.ActiveNodes.Where(node => values.ContainsKey(node.Output)).Sum(node =>
        {
            var output = (double)values[node.Output].Elements;
            var weight = node.Inputs.Where(weights.ContainsKey).Select(name => weights[name]).FirstOrDefault(w => w.Dimensions > 1);
            return node.OperatorType switch
            {
                "Conv" => 2 * output * weight!.Elements / weight.Size(0),
                "Gemm" or "MatMul" when weight is not null => 2 * output * weight.Elements / LastSize(values[node.Output]),
                _ => 0,
            };
        });
    }

    /// <summary>Exact Jacobians of all examples: a pass forward, and one back for each output or feature, whichever are fewer.</summary>
    public static double OfJacobians(Subject subject, DataSet data)
    {
        var context = new MeasureContext(subject, data);
        var network = subject.Folded!;
        var last = network.Parameters.Where(parameter => parameter.Value.Dimensions == 2).Select(parameter => parameter.Value).Last();
        return data.Count * OfForwardPass(network, context.Examples(0, 1)) * (1 + Math.Min(last.Size(0), last.Size(1)));
    }

    private static double LastSize(Tensor value) => value.Size(value.Dimensions - 1);
}
