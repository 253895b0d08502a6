using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>
/// The different numbers, or slices along an axis, in order or as they come first; outputs 1 to 3 are where each comes first, which of
/// them each number is, and how often each comes.
/// </summary>
internal sealed class Unique : Operator
{
    public override string Type => "Unique";

    public override Linearity Linearity => Linearity.Curved;

    public override bool IsStep(Node node, int input, int output) => output > 0;

    public override Tensor[] Run(in NodeCall call)
    {
        var flat = !call.Attributes.Has("axis");
        var x = flat ? call[0].Reshape(-1) : call[0];
        var axis = flat ? 0 : Axes.Find(call.Node, call.Attributes.Int("axis", 0), x.Dimensions);
        long[] order = [axis, .. Axes.All(x).Where(i => i != axis).Select(i => (long)i)];
        var numbers = x.Permute(order).ToArray<double>();
        var width = x.Shape[axis] == 0 ? 0 : numbers.Length / (int)x.Shape[axis];
        ArraySegment<double> Slice(int at) => new(numbers, at * width, width);
        int Compare(int left, int right) => Slice(left).AsSpan().SequenceCompareTo(Slice(right).AsSpan());

        int[] sorted = [.. Enumerable.Range(0, (int)x.Shape[axis])];
        Array.Sort(sorted, (left, right) => Compare(left, right) is not 0 and var order ? order : left - right);
        List<int> firsts = [];
        var group = new int[sorted.Length];
        foreach (var at in sorted)
        {
            if (firsts.Count == 0 || Compare(firsts[^1], at) != 0)
            {
                firsts.Add(at);
            }

            group[at] = firsts.Count - 1;
        }

        int[] places = [.. Enumerable.Range(0, firsts.Count)];
        if (call.Attributes.Int("sorted", 1) == 0)
        {
            Array.Sort(places, (left, right) => firsts[left] - firsts[right]);
        }

        var (rank, counts) = (new long[places.Length], new long[places.Length]);
        foreach (var place in group)
        {
            counts[place]++;
        }

        for (var i = 0; i < places.Length; i++)
        {
            rank[places[i]] = i;
        }

        static Tensor Numbers(IEnumerable<long> values) => values.ToArray() is var array ? Tensor.FromArray(array, array.Length) : null!;
        var indices = Numbers(places.Select(place => (long)firsts[place]));
        return
        [
            x.IndexSelect(axis, indices.To(x.Device)),
            indices,
            Numbers(group.Select(place => rank[place])),
            Numbers(places.Select(place => counts[place])),
        ];
    }

    // Two numbers that meet become one, and all that follow move up.
    protected override double? Bound(LipschitzCall call) => null;
}

/// <summary>
/// The boxes that are left, class by class, when each in the order of the scores takes out those that overlap it by more than a share:
/// rows of image, class and box.
/// </summary>
internal sealed class NonMaxSuppression : Operator
{
    public override string Type => "NonMaxSuppression";

    public override int LeastInputs => 2;

    public override Linearity Linearity => Linearity.Curved;

    public override bool IsStep(Node node, int input, int output) => true;

    public override bool Trains(int input) => false;

    public override Tensor[] Run(in NodeCall call)
    {
        var (boxes, scores) = (call[0], call[1]);
        if (boxes.Dimensions != 3 || scores.Dimensions != 3 || boxes.Shape[2] != 4 || scores.Shape[2] != boxes.Shape[1]
            || scores.Shape[0] != boxes.Shape[0])
        {
            throw new OccamException($"{call.Node} has boxes {string.Join("×", boxes.Shape)} and scores {string.Join("×", scores.Shape)}: "
                + "expected images × boxes × 4 and images × classes × boxes");
        }

        var most = call.Optional(2)?.Reshape([]).ItemInt64() ?? 0;
        var overlap = call.Optional(3)?.Reshape([]).Item() ?? 0;
        var least = call.Optional(4)?.Reshape([]).Item() ?? double.NegativeInfinity;
        var corners = Corners(boxes.ToArray<double>(), call.Attributes.Int("center_point_box", 0) != 0);
        var grades = scores.ToArray<double>();
        var (images, classes, count) = (scores.Shape[0], scores.Shape[1], (int)scores.Shape[2]);
        List<long> chosen = [];
        for (var image = 0; image < images; image++)
        {
            for (var label = 0; label < classes; label++)
            {
                var start = ((image * classes) + label) * count;
                List<int> kept = [];
                foreach (var box in Enumerable.Range(0, count)
                    .Where(box => grades[start + box] > least)
                    .OrderByDescending(box => grades[start + box]))
                {
                    if (kept.Count < most
                        && !kept.Any(other => Overlap(corners[(image * count) + box], corners[(image * count) + other]) > overlap))
                    {
                        kept.Add(box);
                        chosen.AddRange([image, label, box]);
                    }
                }
            }
        }

        return [Tensor.FromArray([.. chosen], chosen.Count / 3, 3)];
    }

    protected override double? Bound(LipschitzCall call) => null;

    private static (double Top, double Left, double Bottom, double Right)[] Corners(double[] boxes, bool byCentre) =>
    [
        .. boxes.Chunk(4).Select(box => byCentre
            ? (box[1] - (box[3] / 2), box[0] - (box[2] / 2), box[1] + (box[3] / 2), box[0] + (box[2] / 2))
            : (Math.Min(box[0], box[2]), Math.Min(box[1], box[3]), Math.Max(box[0], box[2]), Math.Max(box[1], box[3]))),
    ];

    // What two boxes have in common, over what they cover together.
    private static double Overlap(
        (double Top, double Left, double Bottom, double Right) a, (double Top, double Left, double Bottom, double Right) b)
    {
        var common = Math.Max(0, Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Top, b.Top))
            * Math.Max(0, Math.Min(a.Right, b.Right) - Math.Max(a.Left, b.Left));
        var all = ((a.Bottom - a.Top) * (a.Right - a.Left)) + ((b.Bottom - b.Top) * (b.Right - b.Left)) - common;
        return all > 0 ? common / all : 0;
    }
}
