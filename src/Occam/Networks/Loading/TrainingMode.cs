using Occam.Torch;

namespace Occam.Networks.Loading;

/// <summary>
/// Nodes that a file has in training mode, as an export without <c>eval()</c> leaves them. Occam runs them as in evaluation.
/// </summary>
internal static class TrainingMode
{
    /// <summary>The nodes of a network.</summary>
    public static IEnumerable<Node> NodesOf(Network network) => network.Graph.Nodes.Where(node => network.Operators[node].DiffersInTraining
        && (node.Attributes.Int("training_mode", 0) != 0
            || (node.HasInput(2) && network.Constant(node.Inputs[2]) is { ScalarType: ScalarType.Bool } mode && mode.Item() != 0)));

    /// <summary>What is done with such a node, for people.</summary>
    public static string Note(Node node) =>
        $"{node} is in training mode in the file: run as in evaluation, without randomness and by stored statistics";
}
