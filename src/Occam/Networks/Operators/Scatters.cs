using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>
/// A tensor some of whose slices or elements, which indices lead to, give way to updates, or are combined with them: added to,
/// multiplied, or limited by them.
/// </summary>
internal abstract class Scattering : Operator
{
    private const string Replace = "none";
    private const string Add = "add";
    private const string Multiply = "mul";

    public sealed override int LeastInputs => 3;

    public sealed override Linearity Linearity => Linearity.Affine;

    public sealed override Linearity LinearityIn(ReadOnlySpan<bool> dependent) => dependent[1] ? Linearity.Curved : Linearity.Affine;

    // A product of the two is affine in each; an extreme has kinks, and no switches here tell them.
    public sealed override Linearity LinearityIn(Node node, ReadOnlySpan<bool> dependent) => Reduction(node) switch
    {
        Replace or Add => LinearityIn(dependent),
        Multiply => dependent[1] || (dependent[0] && dependent[2]) ? Linearity.Curved : Linearity.Affine,
        _ => Linearity.Curved,
    };

    // A stored tensor here is the ground of a mask, or the mask.
    public sealed override bool Trains(int input) => false;

    public sealed override bool IsStep(Node node, int input, int output) => input == 1;

    public sealed override Tensor[] Run(in NodeCall call)
    {
        var data = call[0];
        var (rows, depth) = Rows(call);
        var updates = call[2].To(data.Device).To(data.ScalarType);
        var (height, width) = (Limits.Elements(data.Shape[..depth])!.Value, Limits.Elements(data.Shape[depth..])!.Value);
        var table = data.Reshape([height, width]);
        var values = updates.Reshape([rows.Length, width]);
        Tensor Index(long[] places) => Tensor.FromArray(places, places.Length).To(data.Device);
        var reduction = Reduction(call.Node);
        if (reduction == Replace)
        {
            table = table.IndexCopy(0, Index(rows), values);
        }
        else if (reduction == Add)
        {
            table = table.IndexAdd(0, Index(rows), values);
        }
        else
        {
            foreach (var round in Rounds(rows))
            {
                var index = Index([.. round.Select(at => rows[at])]);
                var (before, by) = (table.IndexSelect(0, index), values.IndexSelect(0, Index([.. round.Select(at => (long)at)])));
                table = table.IndexCopy(0, index, Combine(reduction, before, by));
            }
        }

        return [table.Reshape(data.Shape)];
    }

    public sealed override Tensor[]? Paths(PathCall call) =>
        call.OnPath[1] || Reduction(call.Call.Node) is not (Replace or Add) ? null : Run(call.WithoutConstants());

    /// <summary>
    /// The rows that the updates go to, the data seen as a table, and how many dimensions lead to one.
    /// </summary>
    protected abstract (long[] Rows, int Depth) Rows(in NodeCall call);

    /// <summary>
    /// Replaced, each number is one of the data or of the updates; added, a row may have several updates; an extreme changes by no
    /// more than what it is chosen from.
    /// </summary>
    protected sealed override double? Bound(LipschitzCall call)
    {
        var (data, updates) = (call.InputBounds[0], call.InputBounds[2]);
        return call.InputBounds[1] > 0 ? null : Reduction(call.Call.Node) switch
        {
            Add => data + (updates * Math.Sqrt(SliceIndices.MostRepeats(Rows(call.Call).Rows))),
            Multiply => data > 0 && updates > 0 ? null : Math.Max(data, updates) * call.LinearNorm(),
            _ => Math.Sqrt((data * data) + (updates * updates)),
        };
    }

    private static string Reduction(Node node)
    {
        var reduction = node.Attributes.Text("reduction", Replace);
        return reduction is Replace or Add or Multiply or "max" or "min"
            ? reduction
            : throw new OccamException($"{node} scatters with the reduction '{reduction}': expected none, add, mul, max or min");
    }

    private static Tensor Combine(string reduction, Tensor before, Tensor by) => reduction switch
    {
        Multiply => before * by,
        "max" => before.Maximum(by),
        _ => before.Minimum(by),
    };

    // The updates in rounds, in none of which a row comes twice.
    private static IEnumerable<List<int>> Rounds(long[] rows)
    {
        List<List<int>> rounds = [];
        var seen = new Dictionary<long, int>();
        for (var i = 0; i < rows.Length; i++)
        {
            var round = seen.GetValueOrDefault(rows[i]);
            seen[rows[i]] = round + 1;
            if (round == rounds.Count)
            {
                rounds.Add([]);
            }

            rounds[round].Add(i);
        }

        return rounds;
    }
}

/// <summary>A tensor some of whose slices, named by the indices that lead to them, are scattered to.</summary>
internal sealed class ScatterND : Scattering
{
    public override string Type => "ScatterND";

    protected override (long[] Rows, int Depth) Rows(in NodeCall call)
    {
        var (data, indices, updates) = (call[0], call[1], call[2]);
        var (rows, depth) = SliceIndices.OfTuples(call.Node, data.Shape, indices);
        long[] shape = [.. indices.Shape[..^1], .. data.Shape[depth..]];
        return updates.Shape.AsSpan().SequenceEqual(shape)
            ? (rows, depth)
            : throw new OccamException($"{call.Node} scatters updates of shape {string.Join("×", updates.Shape)} where its indices want "
                + $"{string.Join("×", shape)}");
    }
}

/// <summary>A tensor some of whose elements, named by their index along an axis, are scattered to.</summary>
internal sealed class ScatterElements : Scattering
{
    public override string Type => "ScatterElements";

    protected override (long[] Rows, int Depth) Rows(in NodeCall call)
    {
        var (data, indices, updates) = (call[0], call[1], call[2]);
        var axis = Axes.Find(call.Node, call.Attributes.Int("axis", 0), data.Dimensions);
        return updates.Shape.AsSpan().SequenceEqual(indices.Shape)
            ? (SliceIndices.OfElements(call.Node, data.Shape, indices, axis), data.Dimensions)
            : throw new OccamException($"{call.Node} scatters updates of shape {string.Join("×", updates.Shape)} to indices of shape "
                + $"{string.Join("×", indices.Shape)}: expected the same");
    }
}

/// <summary>
/// A cache along whose axis of time an update is written, in each example from its own index on; round again if it is circular.
/// </summary>
internal sealed class TensorScatter : Operator
{
    public override string Type => "TensorScatter";

    public override int LeastInputs => 2;

    public override Linearity Linearity => Linearity.Affine;

    public override Linearity LinearityIn(ReadOnlySpan<bool> dependent) =>
        dependent.Length > 2 && dependent[2] ? Linearity.Curved : Linearity.Affine;

    public override bool Trains(int input) => false;

    public override bool IsStep(Node node, int input, int output) => input == 2;

    public override Tensor[] Run(in NodeCall call)
    {
        var (cache, update) = (call[0], call[1].To(call[0].Device));
        var axis = Axes.Find(call.Node, call.Attributes.Int("axis", -2), cache.Dimensions);
        var starts = call.Optional(2)?.ToArray<long>() ?? new long[cache.Shape[0]];
        var circular = call.Attributes.Text("mode", "linear") == "circular";
        var (length, steps) = (cache.Shape[axis], axis < update.Dimensions ? update.Shape[axis] : 0);
        if (axis == 0 || starts.Length != cache.Shape[0] || steps > length
            || starts.Any(start => start < 0 || (circular ? start >= length : start + steps > length))
            || !update.Shape.AsSpan().SequenceEqual([.. cache.Shape.Select((size, i) => i == axis ? steps : size)]))
        {
            throw new OccamException($"{call.Node} writes {string.Join("×", update.Shape)} into {string.Join("×", cache.Shape)} from "
                + $"{string.Join(", ", starts)} on: expected a part of axis {axis} that fits, and an index an example");
        }

        long[] rows = [.. starts.Index().SelectMany(pair => Enumerable.Range(0, (int)steps)
            .Select(step => (pair.Index * length) + ((pair.Item + step) % length)))];
        long[] order = [0, axis, .. Axes.All(cache).Where(i => i != 0 && i != axis).Select(i => (long)i)];
        var ordered = cache.Permute(order);
        var written = ordered.Flatten(0, 1)
            .IndexCopy(0, Tensor.FromArray(rows, rows.Length).To(cache.Device), update.Permute(order).Flatten(0, 1));
        return [written.Reshape(ordered.Shape).Permute([.. Axes.All(cache).Select(i => (long)Array.IndexOf(order, i))])];
    }

    public override Tensor[]? Paths(PathCall call) => call.OnPath.Length > 2 && call.OnPath[2] ? null : Run(call.WithoutConstants());

    protected override double? Bound(LipschitzCall call) => call.InputBounds.Length > 2 && call.InputBounds[2] > 0
        ? null
        : Math.Sqrt((call.InputBounds[0] * call.InputBounds[0]) + (call.InputBounds[1] * call.InputBounds[1]));
}
