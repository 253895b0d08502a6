namespace Occam.Networks.Loading;

/// <summary>Finds the logits of a network that ends in probabilities.</summary>
internal static class LogitSearch
{
    /// <summary>
    /// Goes back from an output, through what only renames, casts or reshapes, to a softmax or sigmoid, and
    /// gives the value before it.
    /// </summary>
    /// <returns>The output itself where there is none.</returns>
    public static (string Output, FinalActivation Activation, Node? Node) Find(Graph graph, string output)
    {
        for (var value = output; graph.Producers.TryGetValue(value, out var node)
            && node.Output == value
            && node.HasInput(0); value = node.Inputs[0])
        {
            switch (node.OperatorType)
            {
                case "Softmax" or "LogSoftmax":
                    return (node.Inputs[0], FinalActivation.Softmax, node);
                case "Sigmoid":
                    return (node.Inputs[0], FinalActivation.Sigmoid, node);
                case "Identity" or "Cast" or "Dropout" or "Flatten" or "Squeeze" or "Log" or "QuantizeLinear" or "DequantizeLinear":
                    continue;
                default:
                    return (output, FinalActivation.None, null);
            }
        }

        return (output, FinalActivation.None, null);
    }
}
