using Occam.Torch;

namespace Occam.Networks.Rewrites;

/// <summary>
/// W (s·x + t) + b = (W·s) x + (W t + b). Exact for dense layers; for convolutions only where no window
/// reaches into padding, which is zero and not t, or where t is zero.
/// </summary>
internal static class FoldIntoConsumers
{
    /// <summary>Folds a normalization into all layers that take its output.</summary>
    /// <returns>Null when it is done, or why it can't be.</returns>
    public static string? Fold(GraphDraft draft, int place, Node norm, ChannelScaling scaling, out string into)
    {
        into = "";
        if (draft.IsOutput(norm.Output))
        {
            return "its output is the network's";
        }

        var layers = new List<(int Place, Change Change)>();
        foreach (var consumer in draft.Consumers(norm.Output))
        {
            if (Collect(draft, consumer, norm.Output, scaling, layers) is { } why)
            {
                return why;
            }
        }

        if (layers.Count == 0)
        {
            return "nothing takes its output";
        }

        into = string.Join(", ", layers.Select(layer => draft[layer.Place]!.Name));
        foreach (var (at, change) in layers)
        {
            var layer = draft[at]!;
            var W = draft.Store(at, 1, $"{layer.Name}.weight", change.Weight);
            var b = draft.Store(at, 2, $"{layer.Name}.bias", change.Bias);
            draft.Replace(
                at, layer with { OperatorType = change.OperatorType, Inputs = [layer.Inputs[0], W, b], Attributes = change.Attributes });
        }

        foreach (var consumer in draft.Consumers(norm.Output).ToArray())
        {
            var node = draft[consumer]!;
            draft.Replace(consumer, node with { Inputs = node.Inputs.SetItem(0, norm.Inputs[0]) });
        }

        draft.Replace(place, null);
        return null;
    }

    private static string? Collect(GraphDraft draft, int at, string value, ChannelScaling scaling, List<(int, Change)> layers)
    {
        var node = draft[at]!;
        if (node.Inputs.IndexOf(value) != 0 || node.Inputs.LastIndexOf(value) != 0)
        {
            return $"its output goes to {node}";
        }

        if (node.OperatorType == "Flatten" && node.Attributes.Int("axis", 1) == 1 && !draft.IsOutput(node.Output))
        {
            foreach (var consumer in draft.Consumers(node.Output))
            {
                var dense = draft[consumer]!;
                if (dense.OperatorType is not ("Gemm" or "MatMul")
                    || dense.Inputs.Length < 2
                    || dense.Inputs.IndexOf(node.Output) != 0
                    || dense.Inputs.LastIndexOf(node.Output) != 0)
                {
                    return $"its output goes through {node} to {dense}";
                }

                if (Dense(draft, consumer, dense, scaling, flattened: true, layers) is { } why)
                {
                    return why;
                }
            }

            return null;
        }

        return node.OperatorType switch
        {
            _ when node.Inputs.Length < 2 => $"its output goes to {node}",
            "Conv" => Convolution(draft, at, node, scaling, layers),
            "Gemm" => Dense(draft, at, node, scaling, flattened: false, layers),
            "MatMul" when draft.Rank(value) == 2 => Dense(draft, at, node, scaling, flattened: false, layers),
            _ => $"its output goes to {node}",
        };
    }

    private static string? Convolution(GraphDraft draft, int at, Node layer, ChannelScaling scaling, List<(int, Change)> layers)
    {
        if (draft.Constant(layer.Inputs[1]) is not { Dimensions: >= 3 } weight
            || (layer.HasInput(2) && draft.Constant(layer.Inputs[2]) is null))
        {
            return $"the weights of {layer} after it aren't stored";
        }

        var padded = layer.Attributes.Text("auto_pad", "NOTSET") is not ("NOTSET" or "VALID")
            || (layer.Attributes.Ints("pads") ?? []).Any(pad => pad != 0);
        if (padded && scaling.Shift.Abs().Sum().Item() != 0)
        {
            return $"{layer} after it pads with zeros, which the normalization would shift";
        }

        var groups = layer.Attributes.Int("group", 1);
        if (groups < 1 || weight.Size(1) * groups != scaling.Channels || weight.Size(0) % groups != 0)
        {
            return $"the weights of {layer} after it don't fit it";
        }

        // groups × out/groups × in/groups × window
        var W = weight.To(ScalarType.Float64).Reshape([groups, weight.Size(0) / groups, .. weight.Shape[1..]]);
        Tensor ByInput(Tensor numbers) => numbers.Reshape([groups, 1, weight.Size(1), .. Enumerable.Repeat(1L, weight.Dimensions - 2)]);
        var shift = (W * ByInput(scaling.Shift)).Reshape(weight.Size(0), -1).Sum([1]);
        var bias = layer.HasInput(2) ? shift + draft.Constant(layer.Inputs[2])!.To(ScalarType.Float64) : shift;
        layers.Add((at, new Change("Conv", (W * ByInput(scaling.Scale)).Reshape(weight.Shape), bias, layer.Attributes)));
        return null;
    }

    private static string? Dense(GraphDraft draft, int at, Node layer, ChannelScaling scaling, bool flattened, List<(int, Change)> layers)
    {
        var input = layer.OperatorType == "Gemm" && layer.Attributes.Int("transB", 0) != 0 ? 1 : 0;
        if (draft.Constant(layer.Inputs[1]) is not { Dimensions: 2 } weight || layer.Attributes.Int("transA", 0) != 0
            || !FoldIntoProducer.StoredBias(draft, layer, weight.Size(1 - input), out var bias))
        {
            return $"{layer} after it isn't a dense layer with stored weights and one bias for each unit";
        }

        // Flattened, each channel's numbers lie together.
        var repeats = weight.Size(input) / scaling.Channels;
        if (repeats * scaling.Channels != weight.Size(input) || (!flattened && repeats != 1))
        {
            return $"the weights of {layer} after it don't fit it";
        }

        Tensor ByInput(Tensor numbers) =>
            ChannelScaling.Along(numbers.Unsqueeze(1).Expand(scaling.Channels, repeats).Reshape(-1), input, 2);
        var W = weight.To(ScalarType.Float64);
        var shift = (W * ByInput(scaling.Shift)).Sum([input]) * layer.Attributes.Float("alpha", 1);
        layers.Add((at, new Change(
            "Gemm", W * ByInput(scaling.Scale), bias is null ? shift : shift + bias, FoldIntoProducer.WithBeta(layer.Attributes))));
        return null;
    }

    private sealed record Change(string OperatorType, Tensor Weight, Tensor Bias, Attributes Attributes);
}
