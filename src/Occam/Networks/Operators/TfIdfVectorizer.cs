using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>
/// How often each sequence of whole numbers in a pool occurs in the input, or in each of its rows, also with equal gaps of up to
/// <c>max_skip_count</c> between its numbers: counts, weights of what occurs, or both multiplied.
/// </summary>
internal sealed class TfIdfVectorizer : Operator
{
    public override string Type => "TfIdfVectorizer";

    public override Linearity Linearity => Linearity.Curved;

    public override bool IsStep(Node node, int input, int output) => true;

    public override Tensor[] Run(in NodeCall call)
    {
        var (node, attributes) = (call.Node, call.Attributes);
        var pool = attributes.Ints("pool_int64s")
            ?? throw new OccamException($"{node} has no pool_int64s: Occam counts whole numbers only");
        var starts = attributes.Ints("ngram_counts") ?? [0];
        var columns = attributes.Ints("ngram_indexes") ?? [];
        var (shortest, longest) = (attributes.Int("min_gram_length", 1), attributes.Int("max_gram_length", 1));
        var weights = attributes.Floats("weights");
        var grams = Grams(node, pool, starts, columns);
        if (call[0].Dimensions is not (1 or 2) || weights?.Length < columns.Length)
        {
            throw new OccamException($"{node} counts in {call[0].Dimensions} dimensions with {weights?.Length} weights for "
                + $"{columns.Length} sequences: expected one dimension or two, and a weight for each");
        }

        var rows = call[0].Dimensions == 2 ? call[0].Shape[0] : 1;
        var width = columns.Length > 0 ? columns.Max() + 1 : 0;
        Limits.CheckElements(node, rows, width);
        var numbers = call[0].ToArray<long>();
        var length = rows == 0 ? 0 : numbers.Length / (int)rows;
        var counts = new double[rows * width];
        for (var row = 0; row < rows; row++)
        {
            foreach (var (gram, at) in grams.Select((gram, at) => (gram, at)))
            {
                if (gram.Length >= shortest && gram.Length <= longest)
                {
                    var found = Occurrences(numbers.AsSpan(row * length, length), gram, attributes.Int("max_skip_count", 0));
                    counts[(row * width) + columns[at]] += found;
                }
            }
        }

        var mode = attributes.Text("mode", "TF");
        for (var at = 0; at < columns.Length; at++)
        {
            for (var row = 0; row < rows; row++)
            {
                ref var count = ref counts[(row * width) + columns[at]];
                count = mode switch
                {
                    "TF" => count,
                    "IDF" => count > 0 ? weights?[at] ?? 1 : 0,
                    "TFIDF" => count * (weights?[at] ?? 1),
                    _ => throw new OccamException($"{node} has mode '{mode}': expected TF, IDF or TFIDF"),
                };
            }
        }

        var result = Tensor.FromArray(counts, rows, width).To(call.FloatType).To(call.Device);
        return [call[0].Dimensions == 2 ? result : result.Reshape(-1)];
    }

    protected override double? Bound(LipschitzCall call) => null;

    // The pool holds the sequences of one number, then those of two, and so on; where each length starts, a list says.
    private static List<long[]> Grams(Node node, long[] pool, long[] starts, long[] columns)
    {
        List<long[]> grams = [];
        for (var i = 0; i < starts.Length; i++)
        {
            var (start, end) = (starts[i], i + 1 < starts.Length ? starts[i + 1] : pool.Length);
            if (start < 0 || end < start || end > pool.Length || (end - start) % (i + 1) != 0)
            {
                throw new OccamException(
                    $"{node} has sequences of {i + 1} from {start} to {end} in a pool of {pool.Length}: it doesn't come out");
            }

            grams.AddRange(pool[(int)start..(int)end].Chunk(i + 1));
        }

        return grams.Count == columns.Length && columns.All(column => column >= 0 && column <= Limits.MostElements)
            ? grams
            : throw new OccamException($"{node} has {columns.Length} ngram_indexes for {grams.Count} sequences");
    }

    private static int Occurrences(ReadOnlySpan<long> numbers, long[] gram, long mostSkipped)
    {
        var count = 0;
        for (var step = 1L; step <= (gram.Length > 1 ? Math.Min(mostSkipped, numbers.Length) + 1 : 1); step++)
        {
            for (var at = 0L; at + ((gram.Length - 1) * step) < numbers.Length; at++)
            {
                var (same, i) = (true, 0);
                for (; i < gram.Length && same; i++)
                {
                    same = numbers[(int)(at + (i * step))] == gram[i];
                }

                count += same ? 1 : 0;
            }
        }

        return count;
    }
}
