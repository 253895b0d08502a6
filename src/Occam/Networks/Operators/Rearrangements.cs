using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>The input's elements in another shape or order, each once.</summary>
internal abstract class Rearrangement : Operator
{
    public sealed override Linearity Linearity => Linearity.Structural;

    public override bool KeepsElementsInOrder => true;

    public sealed override Tensor[] Run(in NodeCall call) => [Apply(call, call[0])];

    protected sealed override double? Bound(LipschitzCall call) => call.InputBounds[0];

    protected abstract Tensor Apply(in NodeCall call, Tensor x);
}

/// <summary>The input itself.</summary>
internal sealed class Identity : Rearrangement
{
    public override string Type => "Identity";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x;
}

/// <summary>Two dimensions: those before the axis and those from it on.</summary>
internal sealed class Flatten : Rearrangement
{
    public override string Type => "Flatten";

    protected override Tensor Apply(in NodeCall call, Tensor x)
    {
        var axis = Axes.FindGap(call.Node, call.Attributes.Int("axis", 1), x.Dimensions);
        return x.Reshape(Axes.Product(x.Shape.AsSpan(0, axis)), Axes.Product(x.Shape.AsSpan(axis)));
    }
}

/// <summary>Another shape: 0 stands for the input's size there (unless <c>allowzero</c>), −1 for the size that fits.</summary>
internal sealed class Reshape : Rearrangement
{
    public override string Type => "Reshape";

    public override int LeastInputs => 2;

    protected override Tensor Apply(in NodeCall call, Tensor x)
    {
        var shape = call[1].ToArray<long>();
        for (var i = 0; i < shape.Length; i++)
        {
            if (shape[i] == 0 && call.Attributes.Int("allowzero", 0) == 0)
            {
                shape[i] = i < x.Dimensions
                    ? x.Shape[i]
                    : throw new OccamException($"{call.Node} copies the size of dimension {i} from an input of {x.Dimensions} dimensions");
            }
        }

        return x.Reshape(shape);
    }
}

/// <summary>The dimensions in another order; reversed when none is given.</summary>
internal sealed class Transpose : Rearrangement
{
    public override string Type => "Transpose";

    public override bool KeepsElementsInOrder => false;

    protected override Tensor Apply(in NodeCall call, Tensor x)
    {
        var order = call.Attributes.Ints("perm") ?? [.. Enumerable.Range(0, x.Dimensions).Reverse().Select(i => (long)i)];
        return x.Permute(order);
    }
}

/// <summary>Dimensions of size 1 taken out: the named ones, or all.</summary>
internal sealed class Squeeze : Rearrangement
{
    public override string Type => "Squeeze";

    protected override Tensor Apply(in NodeCall call, Tensor x)
    {
        var named = call.Integers(1, "axes");
        var axes = named is null
            ? Axes.All(x).Where(i => x.Shape[i] == 1).ToArray()
            : Axes.FindAll(call.Node, named, x.Dimensions);
        var wrong = axes.FirstOrDefault(axis => x.Shape[axis] != 1, -1);
        return wrong < 0
            ? x.Reshape([.. x.Shape.Where((_, i) => !axes.Contains(i))])
            : throw new OccamException($"{call.Node} takes out dimension {wrong}, whose size is {x.Shape[wrong]} and not 1");
    }
}

/// <summary>Dimensions of size 1 put in.</summary>
internal sealed class Unsqueeze : Rearrangement
{
    public override string Type => "Unsqueeze";

    protected override Tensor Apply(in NodeCall call, Tensor x)
    {
        var named = call.Integers(1, "axes") ?? throw new OccamException($"{call.Node} doesn't say which dimensions to put in");
        var axes = Axes.FindAll(call.Node, named, x.Dimensions + named.Length);
        var sizes = new Queue<long>(x.Shape);
        return x.Reshape([.. Enumerable.Range(0, x.Dimensions + axes.Length).Select(i => axes.Contains(i) ? 1 : sizes.Dequeue())]);
    }
}

/// <summary>
/// Blocks of channels laid out over space. <c>DCR</c> has the block's place in the leading part of the channels, <c>CRD</c> in the last.
/// </summary>
internal sealed class DepthToSpace : Rearrangement
{
    public override string Type => "DepthToSpace";

    public override bool KeepsElementsInOrder => false;

    protected override Tensor Apply(in NodeCall call, Tensor x)
    {
        var block = Block.Size(call);
        var (n, c, h, w) = (x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3]);
        if (c % (block * block) != 0)
        {
            throw new OccamException($"{call.Node} lays out {c} channels in blocks of {block}×{block}: it doesn't come out");
        }

        var depth = c / (block * block);
        var blocks = call.Attributes.Text("mode", "DCR") == "CRD"
            ? x.Reshape(n, depth, block, block, h, w).Permute(0, 1, 4, 2, 5, 3)
            : x.Reshape(n, block, block, depth, h, w).Permute(0, 3, 4, 1, 5, 2);
        return blocks.Reshape(n, depth, h * block, w * block);
    }
}

/// <summary>Blocks of space stacked as channels.</summary>
internal sealed class SpaceToDepth : Rearrangement
{
    public override string Type => "SpaceToDepth";

    public override bool KeepsElementsInOrder => false;

    protected override Tensor Apply(in NodeCall call, Tensor x)
    {
        var block = Block.Size(call);
        var (n, c, h, w) = (x.Shape[0], x.Shape[1], x.Shape[2] / block, x.Shape[3] / block);
        return x.Reshape(n, c, h, block, w, block).Permute(0, 3, 5, 1, 2, 4).Reshape(n, c * block * block, h, w);
    }
}

/// <summary>The block of DepthToSpace and SpaceToDepth.</summary>
internal static class Block
{
    public static long Size(in NodeCall call)
    {
        var size = call.Attributes.Int("blocksize", 0);
        return size is > 0 and < 1 << 15 && call[0].Dimensions == 4
            ? size
            : throw new OccamException($"{call.Node} needs a positive blocksize and an input of batch × channels × height × width, not "
                + $"{size} and {call[0].Dimensions} dimensions");
    }
}
