using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>The convolution (a cross-correlation, as everywhere in deep learning) of one to three dimensions, in groups.</summary>
internal sealed class Conv : Operator
{
    private const long MostUnfolded = 4L << 20;

    public override string Type => "Conv";

    public override int LeastInputs => 2;

    public override Linearity Linearity => Linearity.Multilinear;

    public override bool TakesFilled(int input, Tensor filled) => true;

    public override Offset OffsetAt(int input) => input == 2 ? Offset.Bias : Offset.None;

    public override Linearity LinearityIn(ReadOnlySpan<bool> dependent) => ConvolutionRules.LinearityIn(dependent);

    public override Tensor[] Run(in NodeCall call)
    {
        var (input, weight) = (call[0], call[1]);
        var window = Window.Of(call, ConvolutionRules.WindowSize(call));
        var groups = ConvolutionRules.Groups(call, weight.Shape[0], weight.Shape[1]);
        var outputs = Limits.CheckElements(
            call.Node, [input.Shape[0], weight.Shape[0], .. window.Before.Select((_, i) => window.Places(i, input.Shape[i + 2]))]);
        Limits.CheckWork(call.Node, outputs, weight.Elements / Math.Max(1, weight.Shape[0]));
        var padding = window.Before;
        if (!window.IsSymmetric)
        {
            input = window.Pad(call.Node, input, 0);
            padding = new long[window.Dimensions];
        }

        return [input.Convolution(weight, call.Optional(2), window.Stride, padding, window.Dilation, groups)];
    }

    public override bool KeepsRowsApart(Node node, Tensor weight) => true;

    public override (int OfWeight, int OfOutput)? UnitsAt(Node node) => node.Attributes.Int("group", 1) == 1 ? (0, 1) : null;

    public override Tensor? WeightMatrix(Node node, Func<string, Tensor?> constant) =>
        constant(node.Inputs[1]) is { Dimensions: > 2 } weight ? weight.Flatten(1) : null;

    public override Tensor[]? Paths(PathCall call) => call.Sources > 1 ? null : Run(call.Raised(offset: 2));

    public override Tensor? SquaredGradientByExample(in NodeCall call, int input, Tensor cotangent) => input switch
    {
        1 => SquaredWeightGradient(call, cotangent),
        2 => ExampleGradients.OfChannels(cotangent),
        _ => null,
    };

    public override bool TakesGradientByExample(in NodeCall call, int input, long[] output)
    {
        var groups = call.Attributes.Int("group", 1);
        return input == 1 && output.Length > 2 && !ExampleGradients.IsGramCheaper(
            output[1] / groups, Axes.Product(call[1].Shape.AsSpan(1)), Axes.Product(output.AsSpan(2)));
    }

    public override Tensor? GradientByExample(in NodeCall call, int input, Tensor cotangent)
    {
        var window = Window.Of(call, ConvolutionRules.WindowSize(call));
        var (x, padding) = window.IsSymmetric
            ? (call[0], window.Before)
            : (window.Pad(call.Node, call[0], 0), new long[window.Dimensions]);
        return x.ConvolutionWeightGradients(
            cotangent, window.Size, window.Stride, padding, window.Dilation, call.Attributes.Int("group", 1));
    }

    // Without groups, the gradients of several cotangents are one of all their channels.
    public override Tensor? SquaredGradientsByExample(in NodeCall call, int input, Tensor[] cotangents) =>
        call.Attributes.Int("group", 1) == 1
            ? SquaredGradientByExample(call, input, Tensor.Cat(cotangents, 1))
            : base.SquaredGradientsByExample(call, input, cotangents);

    protected override double? Bound(LipschitzCall call) => ConvolutionRules.Bound(call);

    // A weight's gradient is the sum over the window's places of cotangent × what the window sees there.
    private Tensor SquaredWeightGradient(in NodeCall call, Tensor cotangent)
    {
        if (TakesGradientByExample(call, 1, cotangent.Shape))
        {
            return ExampleGradients.InParts(this, call, 1, cotangent, part => ExampleGradients.SquaresOf(part));
        }

        var window = Window.Of(call, ConvolutionRules.WindowSize(call));
        var groups = call.Attributes.Int("group", 1);
        var padded = window.Pad(call.Node, call[0], 0);
        var (examples, places) = (cotangent.Size(0), Axes.Product(cotangent.Shape.AsSpan(2)));
        var chunk = Math.Max(1, MostUnfolded / (padded.Size(1) * Axes.Product(window.Size) * places));
        var parts = new List<Tensor>();
        for (var start = 0L; start < examples; start += chunk)
        {
            var count = Math.Min(chunk, examples - start);
            using var scope = Libtorch.NewDisposeScope();
            var seen = window.Unfold(padded.Narrow(0, start, count)).Reshape(count * groups, -1, places);
            var slopes = cotangent.Narrow(0, start, count).Reshape(count * groups, -1, places);
            parts.Add(ExampleGradients.OfProduct(slopes, seen).Reshape(count, groups).Sum([1]).MoveToOuterDisposeScope());
        }

        return Tensor.Cat([.. parts], 0);
    }
}

/// <summary>The transpose of a convolution as a linear map of its input, with a bias.</summary>
internal sealed class ConvTranspose : Operator
{
    public override string Type => "ConvTranspose";

    public override int LeastInputs => 2;

    public override Linearity Linearity => Linearity.Multilinear;

    public override bool TakesFilled(int input, Tensor filled) => true;

    public override Offset OffsetAt(int input) => input == 2 ? Offset.Bias : Offset.None;

    public override Linearity LinearityIn(ReadOnlySpan<bool> dependent) => ConvolutionRules.LinearityIn(dependent);

    public override Tensor[] Run(in NodeCall call)
    {
        var (input, weight, bias) = (call[0], call[1], call.Optional(2));
        var size = ConvolutionRules.WindowSize(call);
        Limits.CheckWork(call.Node, input.Elements, weight.Elements / Math.Max(1, weight.Shape[0]));
        var geometry = Window.Of(WithoutAutoPad(call), size);
        var extra = call.Attributes.Ints("output_padding") ?? new long[size.Length];
        var groups = ConvolutionRules.Groups(call, weight.Shape[0], null);
        if (extra.Length != size.Length || extra.Any(value => value < 0 || value > Limits.MostElements))
        {
            throw new OccamException(
                $"{call.Node} has output_padding {string.Join(", ", extra)}: expected {size.Length} numbers of at least 0");
        }

        var (before, after) = Pads(call, geometry, extra);
        Limits.CheckElements(call.Node, [input.Shape[0], .. input.Shape[2..].Select(
            (length, i) => (geometry.Stride[i] * Math.Max(0, length - 1)) + (size[i] * geometry.Dilation[i]) + extra[i])]);
        if (before.AsSpan().SequenceEqual(after) && before.All(pad => pad >= 0))
        {
            return [Transposed(input, weight, bias, geometry, before, extra, groups)];
        }

        // Cut the full output by hand; what the output padding adds at the end is bias only.
        var none = new long[size.Length];
        var full = Transposed(input, weight, null, geometry, none, none, groups);
        long[] pads = [.. Enumerable.Range(0, size.Length).Reverse().SelectMany(i => new[] { -before[i], extra[i] - after[i] })];
        Limits.CheckElements(
            call.Node,
            [full.Shape[0], full.Shape[1], .. full.Shape.Skip(2).Select((length, i) => length - before[i] + extra[i] - after[i])]);
        var cut = full.PadConstant(pads, 0);
        return [bias is null ? cut : cut + bias.Reshape([-1, .. Enumerable.Repeat(1L, size.Length)])];
    }

    // Its weight is in × out/groups × window, the inputs' groups one after another.
    public override Tensor? WeightMatrix(Node node, Func<string, Tensor?> constant)
    {
        var groups = node.Attributes.Int("group", 1);
        return constant(node.Inputs[1]) is { Dimensions: > 2 } weight && groups > 0 && weight.Size(0) % groups == 0
            ? weight.Reshape([groups, weight.Size(0) / groups, weight.Size(1), -1]).Permute(0, 2, 1, 3).Reshape(groups * weight.Size(1), -1)
            : null;
    }

    public override Tensor[]? Paths(PathCall call) => call.Sources > 1 ? null : Run(call.Raised(offset: 2));

    protected override double? Bound(LipschitzCall call) => ConvolutionRules.Bound(call);

    private static Tensor Transposed(Tensor input, Tensor weight, Tensor? bias, Window window, long[] padding, long[] extra, long groups)
    {
        // On the CPU, libtorch takes the weight of a transposed convolution in bfloat16 the wrong way around.
        var detour = input.ScalarType == ScalarType.BFloat16 && input.Device.IsCpu;
        Tensor Wide(Tensor tensor) => detour ? tensor.To(ScalarType.Float32) : tensor;
        var output = Wide(input).ConvolutionTransposed(
            Wide(weight), bias is null ? null : Wide(bias), window.Stride, padding, window.Dilation, extra, groups);
        return detour ? output.To(ScalarType.BFloat16) : output;
    }

    // SAME means another size here than in a convolution: the output's, not the input's.
    private static NodeCall WithoutAutoPad(in NodeCall call) =>
        call with { Node = call.Node with { Attributes = new Attributes(call.Attributes.All.Remove("auto_pad")) } };

    private static (long[] Before, long[] After) Pads(in NodeCall call, Window window, long[] extra)
    {
        var mode = call.Attributes.Text("auto_pad", "NOTSET");
        var space = call[0].Shape[2..];
        var wanted = call.Attributes.Ints("output_shape");
        if (wanted is null && mode is "SAME_UPPER" or "SAME_LOWER")
        {
            wanted = [.. space.Select((length, i) => length * window.Stride[i])];
        }

        if (wanted is null)
        {
            return mode == "VALID" ? (new long[space.Length], new long[space.Length]) : (window.Before, window.After);
        }

        if (wanted.Length != space.Length)
        {
            throw new OccamException($"{call.Node} has output_shape {string.Join(", ", wanted)}: expected {space.Length} numbers");
        }

        var (before, after) = (new long[space.Length], new long[space.Length]);
        for (var i = 0; i < space.Length; i++)
        {
            var total = (window.Stride[i] * (space[i] - 1)) + extra[i] + ((window.Size[i] - 1) * window.Dilation[i]) + 1 - wanted[i];

            // An output that is larger than all that the windows cover is longer at its end.
            before[i] = total < 0 ? 0 : mode == "SAME_UPPER" ? total / 2 : total - (total / 2);
            after[i] = total - before[i];
        }

        return (before, after);
    }
}

/// <summary>What both kinds of convolution share.</summary>
internal static class ConvolutionRules
{
    public static long[] WindowSize(in NodeCall call)
    {
        if (call[1].Dimensions <= 2)
        {
            throw new OccamException(
                $"{call.Node} has a weight of {call[1].Dimensions} dimensions: expected channels × channels × window");
        }

        var size = call[1].Shape[2..];
        return call.Attributes.Ints("kernel_shape") is not { } said || said.AsSpan().SequenceEqual(size)
            ? size
            : throw new OccamException($"{call.Node} has kernel_shape {string.Join("×", said)} and a weight whose window is "
                + $"{string.Join("×", size)}: expected the same");
    }

    /// <summary>The groups, which libtorch divides by before it looks at them.</summary>
    /// <param name="call">The node.</param>
    /// <param name="divided">The channels that they must divide: the weight's first size.</param>
    /// <param name="ofGroup">The input channels of one, where the weight says so; of all groups its first size when null.</param>
    public static long Groups(in NodeCall call, long divided, long? ofGroup)
    {
        var (groups, channels) = (call.Attributes.Int("group", 1), call[0].Dimensions > 1 ? call[0].Shape[1] : 0);
        var expected = ofGroup is { } each ? groups <= channels ? groups * each : -1 : divided;
        return groups >= 1 && divided % groups == 0 && channels == expected
            ? groups
            : throw new OccamException($"{call.Node} has {groups} groups, an input of {channels} channels and a weight of "
                + $"{string.Join("×", call[1].Shape)}: expected groups that divide the channels on both sides");
    }

    public static Linearity LinearityIn(ReadOnlySpan<bool> dependent) =>
        dependent[0] && dependent[1] ? Linearity.Curved : Linearity.Affine;

    public static double? Bound(LipschitzCall call)
    {
        var bounds = call.InputBounds;
        if (bounds[0] > 0 && bounds[1] > 0)
        {
            return null;
        }

        // A bias that depends on the data reaches every place of its channel.
        var places = call.Output.Shape.Length > 2 ? Axes.Product(call.Output.Shape.AsSpan(2)) : 1;
        var offset = bounds.Length > 2 && bounds[2] > 0 ? bounds[2] * Math.Sqrt(places) : 0;
        var factor = Math.Max(bounds[0], bounds[1]);
        return factor > 0 ? (factor * call.LinearNorm()) + offset : offset;
    }
}
