using Occam.Data;
using Occam.Derivatives;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Training.Regularizers;

/// <summary>The squared norms of Jacobians by the input, recorded so that the parameters' gradient goes through them.</summary>
internal static class InputGradients
{
    /// <summary>‖J(x)‖_F² of each example of the batch, exact or estimated without bias.</summary>
    /// <param name="context">The step.</param>
    /// <param name="cotangents">Random unit cotangents an example; 0 for exact.</param>
    /// <param name="node">An inner node whose output is meant in place of the logits.</param>
    /// <param name="evaluation">Whether the network is run in evaluation mode for it.</param>
    public static Tensor SquaredNorms(RegularizerContext context, int cotangents, string? node, bool evaluation)
    {
        var output = node is null && !evaluation
            ? context.Logits
            : context.Run(context.Inputs, ValueOf(context.Network, node), evaluation ? RunOptions.Evaluation : null);
        var k = output.Size(1);
        if (!output.RequiresGrad)
        {
            return context.Logits.Sum([1]) * 0;
        }

        // A unit vector in one dimension is ±1: one reverse pass is the Jacobian itself.
        var exact = cotangents == 0 || k == 1;
        var passes = exact ? (int)k : cotangents;
        Tensor? sum = null;
        for (var pass = 0; pass < passes; pass++)
        {
            var cotangent = exact ? UnitVectors(output, pass) : InputJacobian.RandomUnit(output.Shape, output, context.Generator);
            var gradient = Autograd.Grad(output, context.Inputs, cotangent, createGraph: true);
            var squares = gradient.Flatten(1).Square().Sum([1]);
            sum = sum is null ? squares : sum + squares;
        }

        return exact ? sum! : sum! * ((double)k / cotangents);
    }

    /// <summary>What is wrong with a number of cotangents, or null.</summary>
    public static string? Problem(string id, int cotangents) =>
        cotangents >= 0 ? null : $"'{id}' can't take {cotangents} random cotangents: give at least 1, or 0 for the exact value";

    private static string? ValueOf(Network network, string? node) =>
        node is null ? null
        : network.Graph.Nodes.FirstOrDefault(candidate => candidate.Name == node || candidate.Outputs.Contains(node))?.Output
            ?? throw Unknown(node, [.. network.Graph.Nodes.Select(candidate => candidate.Name)]);

    private static OccamException Unknown(string node, string[] names) => new(
        $"'geometric-complexity' is to regularize the node '{node}', and the network has none of that name{Nearest.Hint(node, names)} "
            + $"There are {Message.Listed(names)}");

    private static Tensor UnitVectors(Tensor output, int j)
    {
        using var grad = Libtorch.NoGrad();
        var cotangent = Tensor.ZerosLike(output);
        var column = cotangent.Select(1, j);
        column.AddInPlace(Tensor.OnesLike(column));
        return cotangent;
    }
}
