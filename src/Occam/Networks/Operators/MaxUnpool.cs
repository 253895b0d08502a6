using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>The maxima of a pooling put back where its indices say that they were, among zeros.</summary>
internal sealed class MaxUnpool : Operator
{
    public override string Type => "MaxUnpool";

    public override int LeastInputs => 2;

    public override Linearity Linearity => Linearity.Structural;

    public override Linearity LinearityIn(ReadOnlySpan<bool> dependent) => dependent[1] ? Linearity.Curved : Linearity.Structural;

    public override bool IsStep(Node node, int input, int output) => input > 0;

    public override Tensor[]? Paths(PathCall call) => call.OnPath[1] ? null : Run(call.Call);

    public override Tensor[] Run(in NodeCall call)
    {
        var (x, window) = (call[0], Window.Of(call));
        long[] pooled =
        [
            .. x.Shape[..2],
            .. x.Shape.Skip(2).Select((size, i) => ((size - 1) * window.Stride[i]) + window.Size[i] - window.Before[i] - window.After[i]),
        ];
        var wanted = call.Optional(2)?.ToArray<long>() ?? pooled;
        var elements = Limits.CheckElements(call.Node, pooled);
        Limits.CheckElements(call.Node, wanted);
        var places = call[1].ToArray<long>();
        if (wanted.Length != pooled.Length || places.Length != x.Elements || places.Any(place => place < 0 || place >= elements))
        {
            throw new OccamException($"{call.Node} puts {x.Elements} numbers to {places.Length} places among {elements}, in a tensor of "
                + $"{wanted.Length} dimensions: expected a place among them for each, and {pooled.Length} dimensions");
        }

        var flat = Tensor.Zeros([elements], x.ScalarType, x.Device)
            .IndexCopy(0, Tensor.FromArray(places, places.Length).To(x.Device), x.Reshape(-1));
        return
        [
            flat.Reshape(pooled)
                .PadConstant([.. Enumerable.Range(0, pooled.Length).Reverse().SelectMany(i => new[] { 0, wanted[i] - pooled[i] })], 0),
        ];
    }

    protected override double? Bound(LipschitzCall call) => call.InputBounds[1] > 0 ? null : call.InputBounds[0];
}
