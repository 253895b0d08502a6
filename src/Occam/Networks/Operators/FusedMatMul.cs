using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>
/// α A B over leading dimensions that are broadcast. <c>transA</c> and <c>transB</c> exchange an operand's last two dimensions;
/// <c>transBatchA</c> and <c>transBatchB</c>, before that, move its first dimension behind all but the last.
/// </summary>
internal sealed class FusedMatMul : Operator
{
    public override string Domain => Domains.Microsoft;

    public override string Type => "FusedMatMul";

    public override int LeastInputs => 2;

    public override Linearity Linearity => Linearity.Multilinear;

    public override bool TakesFilled(int input, Tensor filled) => true;

    public override Tensor[] Run(in NodeCall call)
    {
        var (left, right) = (Turned(call, 0, "A"), Turned(call, 1, "B"));
        if (left.Dimensions >= 2 && right.Dimensions >= 2)
        {
            Broadcasting.CheckShape(call.Node, left.Shape.AsSpan(..^2), right.Shape.AsSpan(..^2), left.Size(-2), right.Size(-1));
        }

        var product = left.MatMul(right);
        var alpha = Alpha(call.Node);
        return [alpha == 1 ? product : product * alpha];
    }

    protected override double? Bound(LipschitzCall call) => call.Varying > 1 ? null : call.Largest * call.LinearNorm();

    public override DenseForm? DenseForm(Node node) =>
        node.Attributes.Int("transA", 0) == 0 && node.Attributes.Int("transBatchA", 0) == 0 && node.Attributes.Int("transBatchB", 0) == 0
            ? new DenseForm(UnitsFirst: node.Attributes.Int("transB", 0) != 0, Alpha(node))
            : null;

    public override Tensor[]? Paths(PathCall call)
    {
        if (call.Sources > 1)
        {
            return null;
        }

        var raised = call.Raised();
        var node = raised.Node with
        {
            Attributes = new Attributes(raised.Attributes.All.SetItem("alpha", call.Raise(Alpha(call.Call.Node)))),
        };
        return Run(raised with { Node = node });
    }

    private static double Alpha(Node node) => node.Attributes.Float("alpha", 1);

    private static Tensor Turned(in NodeCall call, int input, string name)
    {
        var x = call[input];
        if (call.Attributes.Int($"transBatch{name}", 0) != 0 && x.Dimensions > 2)
        {
            x = x.Permute([.. Enumerable.Range(1, x.Dimensions - 2).Select(i => (long)i), 0, x.Dimensions - 1]);
        }

        return call.Attributes.Int($"trans{name}", 0) != 0 && x.Dimensions > 1 ? x.Transpose(-2, -1) : x;
    }
}
