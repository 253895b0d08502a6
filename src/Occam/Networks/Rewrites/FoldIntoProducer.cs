using Occam.Torch;

namespace Occam.Networks.Rewrites;

/// <summary>s·(W x + b) + t = (s·W) x + (s·b + t): always exact.</summary>
internal static class FoldIntoProducer
{
    /// <summary>Folds a normalization into the layer before it.</summary>
    /// <returns>Null when it is done, or why it can't be.</returns>
    public static string? Fold(GraphDraft draft, int place, Node norm, ChannelScaling scaling, out string into)
    {
        into = "";
        if (draft.Producer(norm.Inputs[0]) is not { } before)
        {
            return "it takes the network's input";
        }

        var layer = draft[before]!;
        if (draft.IsOutput(norm.Inputs[0]) || draft.Consumers(norm.Inputs[0]).Count > 1)
        {
            return $"{layer} before it is used elsewhere too";
        }

        into = layer.Name;
        return layer.OperatorType switch
        {
            _ when layer.Inputs.Length < 2 => $"it follows {layer}, which has no weights to take it in",
            "Conv" => Convolution(draft, place, before, scaling, transposed: false),
            "ConvTranspose" => Convolution(draft, place, before, scaling, transposed: true),
            "Gemm" => Gemm(draft, place, before, scaling),
            "MatMul" => MatMul(draft, place, before, scaling),
            "Add" => Add(draft, place, before, scaling),
            _ => $"it follows {layer}, which has no weights to take it in",
        };
    }

    private static string? Convolution(GraphDraft draft, int place, int before, ChannelScaling scaling, bool transposed)
    {
        var layer = draft[before]!;
        if (draft.Constant(layer.Inputs[1]) is not { } weight || (layer.HasInput(2) && draft.Constant(layer.Inputs[2]) is null))
        {
            return $"the weights of {layer} aren't stored";
        }

        var W = weight;
        var groups = layer.Attributes.Int("group", 1);
        if (W.Dimensions < 3 || groups < 1 || W.Size(0) % groups != 0 || (transposed ? W.Size(1) * groups : W.Size(0)) != scaling.Channels)
        {
            return $"the weights of {layer} don't fit it";
        }

        // A transposed convolution's weight is in × out/groups × window, the inputs' groups one after another.
        var scaled = transposed
            ? W.To(ScalarType.Float64).Reshape([groups, W.Size(0) / groups, .. W.Shape[1..]])
              * scaling.Scale.Reshape([groups, 1, W.Size(1), .. Enumerable.Repeat(1L, W.Dimensions - 2)])
            : ChannelScaling.Product(W, ChannelScaling.Along(scaling.Scale, 0, W.Dimensions), draft.Type);
        Finish(draft, place, before, scaled.Reshape(W.Shape), scaling.After(
            layer.HasInput(2) ? draft.Constant(layer.Inputs[2]) : null), layer.OperatorType, layer.Attributes);
        return null;
    }

    private static string? Gemm(GraphDraft draft, int place, int before, ChannelScaling scaling)
    {
        var layer = draft[before]!;
        if (draft.Constant(layer.Inputs[1]) is not { Dimensions: 2 } weight || !StoredBias(draft, layer, scaling.Channels, out var bias))
        {
            return $"the weights of {layer} aren't stored, or its bias isn't one number for each unit";
        }

        var unit = layer.Attributes.Int("transB", 0) != 0 ? 0 : 1;
        if (weight.Size(unit) != scaling.Channels)
        {
            return $"the weights of {layer} don't fit it";
        }

        var W = ChannelScaling.Product(weight, ChannelScaling.Along(scaling.Scale, unit, 2), draft.Type);
        Finish(draft, place, before, W, scaling.After(bias), "Gemm", WithBeta(layer.Attributes));
        return null;
    }

    private static string? MatMul(GraphDraft draft, int place, int before, ChannelScaling scaling)
    {
        var layer = draft[before]!;
        if (Units(draft, layer) != scaling.Channels || draft.Rank(layer.Output) != 2)
        {
            return $"{layer} before it isn't a dense layer with stored weights on vectors";
        }

        Finish(draft, place, before, draft.Constant(layer.Inputs[1])!.To(ScalarType.Float64) * scaling.Scale, scaling.Shift, "Gemm",
            Attributes.None);
        return null;
    }

    private static string? Add(GraphDraft draft, int place, int before, ChannelScaling scaling)
    {
        var sum = draft[before]!;
        var index = draft.Constant(sum.Inputs[1]) is not null ? 1 : 0;
        if (draft.Constant(sum.Inputs[index]) is not { } bias || draft.Producer(sum.Inputs[1 - index]) is not { } first)
        {
            return $"it follows {sum}, a sum of two values that change with the data";
        }

        var layer = draft[first]!;
        if (layer.OperatorType != "MatMul"
            || Units(draft, layer) != scaling.Channels
            || (bias.Elements != 1 && bias.Elements != scaling.Channels)
                || bias.Dimensions > 2 || (bias.Dimensions == 2 && bias.Size(0) != 1) || draft.Rank(sum.Output) != 2)
        {
            return $"it follows {sum}, which isn't the bias of a dense layer on vectors";
        }

        if (draft.IsOutput(layer.Output) || draft.Consumers(layer.Output).Count > 1)
        {
            return $"{layer} before it is used elsewhere too";
        }

        var weight = draft.Constant(layer.Inputs[1])!.To(ScalarType.Float64);
        var stored = draft.Store(first, 1, $"{layer.Name}.weight", weight * scaling.Scale);
        draft.Replace(first, layer with { Inputs = layer.Inputs.SetItem(1, stored) });
        var shift = draft.Store(before, index, $"{sum.Name}.bias", scaling.After(bias.Reshape(-1)));
        draft.Replace(before, sum with { Inputs = sum.Inputs.SetItem(index, shift), Outputs = [draft[place]!.Output] });
        draft.Replace(place, null);
        return null;
    }

    // The layer takes the normalization's place: what took the normalization's output now takes the layer's.
    private static void Finish(
        GraphDraft draft, int place, int before, Tensor weight, Tensor bias, string operatorType, Attributes attributes)
    {
        var layer = draft[before]!;
        var output = draft[place]!.Output;
        var W = draft.Store(before, 1, $"{layer.Name}.weight", weight);
        var b = draft.Store(before, 2, $"{layer.Name}.bias", bias);
        draft.Replace(place, null);
        draft.Replace(
            before,
            layer with { OperatorType = operatorType, Inputs = [layer.Inputs[0], W, b], Outputs = [output], Attributes = attributes });
    }

    private static long? Units(GraphDraft draft, Node layer) =>
        draft.Constant(layer.Inputs[0]) is null && draft.Constant(layer.Inputs[1]) is { Dimensions: 2 } weight ? weight.Size(1) : null;

    /// <summary>The bias of a Gemm times its factor, as one number for each unit; null where there is none.</summary>
    /// <returns>Whether the layer has such a bias or none.</returns>
    internal static bool StoredBias(GraphDraft draft, Node layer, long units, out Tensor? bias)
    {
        bias = null;
        if (!layer.HasInput(2))
        {
            return true;
        }

        bias = draft.Constant(layer.Inputs[2])?.To(ScalarType.Float64);
        if (bias is null
            || bias.Dimensions > 2
            || (bias.Dimensions == 2 && bias.Size(0) != 1)
            || (bias.Elements != 1 && bias.Elements != units))
        {
            return false;
        }

        bias = bias.Reshape(-1) * layer.Attributes.Float("beta", 1);
        return true;
    }

    internal static Attributes WithBeta(Attributes attributes) => new(attributes.All.SetItem("beta", 1.0));
}
