using Occam.Networks;
using Occam.Torch;

namespace Occam.Derivatives;

/// <summary>
/// Finds the node at which a derivative ends in an error of libtorch's: a pass back doesn't say where it was. Each node is differentiated
/// by itself, at the values that it has.
/// </summary>
internal static class DerivativeFault
{
    /// <summary>The node, the shapes of its inputs and what libtorch says there; null where every node can be differentiated.</summary>
    /// <param name="network">The network, at values of its other inputs.</param>
    /// <param name="x">Examples.</param>
    public static string? Find(Network network, Tensor x) =>
        Find(network, x, (node, inputs) => ExecutionPlan.RunNode(network, node, inputs, RunOptions.Evaluation));

    /// <inheritdoc cref="Find(Network, Tensor)"/>
    /// <param name="network">The network.</param>
    /// <param name="x">Examples.</param>
    /// <param name="run">Runs a node, as it was run where the error came from.</param>
    /// <param name="trained">The names of parameters that the derivative is by, beside the examples.</param>
    public static string? Find(
        Network network, Tensor x, Func<Node, Tensor?[], Tensor[]> run, IReadOnlySet<string>? trained = null)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        Node[] nodes = [.. network.ActiveNodes];
        string[] names = [.. nodes.SelectMany(node => node.Inputs).Where(network.Graph.Varying.Contains).Distinct()];
        IReadOnlyDictionary<string, Tensor> values;
        try
        {
            values = network.Run(x, names);
        }
        catch (OccamException)
        {
            return null;
        }

        // From the output on, as the pass goes; first derivatives before second ones, which few measures take.
        string? First(int order) =>
            nodes.Reverse().Select(node => At(network, node, values, run, trained, order)).FirstOrDefault(told => told is not null);
        return First(order: 1) ?? First(order: 2);
    }

    private static string? At(
        Network network, Node node, IReadOnlyDictionary<string, Tensor> values, Func<Node, Tensor?[], Tensor[]> run,
        IReadOnlySet<string>? trained, int order)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.EnableGrad();
        var inputs = new Tensor?[node.Inputs.Length];
        List<Tensor> leaves = [];
        for (var i = 0; i < inputs.Length; i++)
        {
            var value = node.HasInput(i) ? values.GetValueOrDefault(node.Inputs[i]) ?? network.Constant(node.Inputs[i]) : null;
            inputs[i] = value is { IsFloatingPoint: true }
                && (network.Differentiable.Contains(node.Inputs[i]) || trained?.Contains(node.Inputs[i]) == true)
                ? value.Detach().RequireGrad()
                : value;
            leaves.AddRange(inputs[i] is { RequiresGrad: true } leaf ? [leaf] : []);
        }

        try
        {
            Tensor[] outputs = [.. run(node, inputs).Where(output => output.RequiresGrad)];
            for (var taken = 0; taken < order && outputs.Length > 0 && leaves.Count > 0; taken++)
            {
                var gradients = Autograd.Grad(
                    outputs, [.. leaves], [.. outputs.Select(Tensor.OnesLike)], createGraph: taken + 1 < order);
                outputs = [.. gradients.OfType<Tensor>().Where(gradient => gradient.RequiresGrad).Select(gradient => gradient.Square())];
            }

            return null;
        }
        catch (Exception e) when (e is TorchException and not TorchMemoryException)
        {
            var shapes = inputs.Select((tensor, i) => tensor is null ? "" : $"{node.Inputs[i]}: {string.Join("×", tensor.Shape)}");
            var which = order == 1 ? "can't be differentiated" : "can't be differentiated twice";
            return $"{node} {which} at {string.Join(", ", shapes.Where(shape => shape.Length > 0))}: {e.Reason()}";
        }
        catch (OccamException)
        {
            return null;
        }
    }
}
