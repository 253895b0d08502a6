using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>A tensor some of whose slices, named by the indices that lead to them, give way to updates, or have them added.</summary>
internal sealed class ScatterND : Operator
{
    private const string Replace = "none";
    private const string Add = "add";

    public override string Type => "ScatterND";

    public override int LeastInputs => 3;

    public override Linearity Linearity => Linearity.Affine;

    public override Linearity LinearityIn(ReadOnlySpan<bool> dependent) => dependent[1] ? Linearity.Curved : Linearity.Affine;

    // A stored tensor here is the ground of a mask, or the mask.
    public override bool Trains(int input) => false;

    public override bool IsStep(Node node, int input, int output) => input == 1;

    public override Tensor[] Run(in NodeCall call)
    {
        var (data, updates) = (call[0], call[2].To(call[0].Device));
        var (rows, depth) = Rows(call);
        long[] shape = [.. call[1].Shape[..^1], .. data.Shape[depth..]];
        if (!updates.Shape.AsSpan().SequenceEqual(shape))
        {
            throw new OccamException($"{call.Node} scatters updates of shape {string.Join("×", updates.Shape)} where its indices want "
                + $"{string.Join("×", shape)}");
        }

        var index = Tensor.FromArray(rows, rows.Length).To(data.Device);
        var (height, slice) = (Limits.Elements(data.Shape[..depth])!.Value, Limits.Elements(data.Shape[depth..])!.Value);
        var table = data.Reshape([height, slice]);
        var values = updates.Reshape([rows.Length, slice]).To(data.ScalarType);
        return [(Reduction(call) == Add ? table.IndexAdd(0, index, values) : table.IndexCopy(0, index, values)).Reshape(data.Shape)];
    }

    public override Tensor[]? Paths(PathCall call) => call.OnPath[1] ? null : Run(call.WithoutConstants());

    /// <summary>Replaced, each number is one of the data or of the updates; added, a slice may have several updates.</summary>
    protected override double? Bound(LipschitzCall call)
    {
        var (data, updates) = (call.InputBounds[0], call.InputBounds[2]);
        return call.InputBounds[1] > 0 ? null
            : Reduction(call.Call) == Replace ? Math.Sqrt((data * data) + (updates * updates))
            : data + (updates * Math.Sqrt(Rows(call.Call).Rows.CountBy(row => row).Select(pair => pair.Value).DefaultIfEmpty().Max()));
    }

    private static string Reduction(in NodeCall call)
    {
        var reduction = call.Attributes.Text("reduction", Replace);
        return reduction is Replace or Add
            ? reduction
            : throw new OccamException($"{call.Node} scatters with the reduction '{reduction}': Occam knows {Replace} and {Add}");
    }

    // The slices as rows of a table, and how many indices lead to one.
    private static (long[] Rows, int Depth) Rows(in NodeCall call)
    {
        var shape = call[0].Shape;
        var depth = call[1].Dimensions == 0 ? 0 : (int)call[1].Shape[^1];
        if (depth < 1 || depth > shape.Length)
        {
            throw new OccamException($"{call.Node} scatters by indices of {depth} numbers into {shape.Length} dimensions");
        }

        var indices = call[1].To(ScalarType.Int64).To(Device.Cpu).Contiguous().ToArray<long>();
        var rows = new long[indices.Length / depth];
        for (var i = 0; i < indices.Length; i++)
        {
            var (size, given) = (shape[i % depth], indices[i]);
            var from = given < 0 ? given + size : given;
            if (from < 0 || from >= size)
            {
                throw new OccamException($"{call.Node} scatters to index {given} of a dimension of {size}");
            }

            rows[i / depth] = (rows[i / depth] * size) + from;
        }

        return (rows, depth);
    }
}
