using Occam.Torch;

namespace Occam.Measures;

/// <summary>
/// A pass over the data that gives numbers by example. Its batches are the same, with the same random numbers, whether the data are
/// measured at once or in shards, and so are the numbers, bit for bit.
/// </summary>
internal static class ExamplePass
{
    /// <summary>The batches of a pass: those of the context's own size, each in parts where a smaller size is asked for.</summary>
    public static IEnumerable<(int Start, int Count)> Parts(int count, int batch, int size)
    {
        var outer = size < batch ? batch : size;
        for (var start = 0; start < count; start += outer)
        {
            var end = Math.Min(start + outer, count);
            for (var part = start; part < end; part += size)
            {
                yield return (part, Math.Min(size, end - part));
            }
        }
    }

    /// <summary>What a pass gives, a column a quantity, batch after batch.</summary>
    /// <param name="context">What is measured.</param>
    /// <param name="pass">The pass's name, its own in the program.</param>
    /// <param name="values">The columns of a batch.</param>
    /// <param name="size">Examples at once, at most the context's batch.</param>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public static double[][] ByExample(
        this MeasureContext context, string pass, Func<ExampleBatch, double[][]> values, int? size = null)
    {
        var (known, count) = (context.Options.Values, context.Data!.Count);
        List<double>[]? all = null;
        foreach (var (start, taken) in Parts(count, context.BatchSize, size ?? context.BatchSize))
        {
            context.Options.Cancellation.ThrowIfCancellationRequested();
            var first = (known?.First ?? 0) + start;
            if (known?.Find(pass, first) is not { } columns)
            {
                using var scope = Libtorch.NewDisposeScope();
                columns = values(context.Batch(
                    start, taken, within => context.Options.Progress?.Invoke((start + (taken * within)) / count)));
                known?.Keep(pass, first, columns);
            }

            all ??= [.. columns.Select(_ => new List<double>(count))];
            foreach (var (column, part) in all.Zip(columns))
            {
                column.AddRange(part);
            }

            context.Options.Progress?.Invoke((double)(start + taken) / count);
        }

        return [.. all!.Select(column => column.ToArray())];
    }

    /// <summary>How many examples the whole data set has, of which the context's may be a shard.</summary>
    public static int WholeCount(this MeasureContext context) => context.Options.Values?.Count ?? context.Data!.Count;

    /// <summary>
    /// The random numbers of a batch: a function of the seed and of the number of the batch's first example in the whole data set.
    /// </summary>
    public static Generator Generator(this MeasureContext context, ExampleBatch batch)
    {
        var first = (ulong)((context.Options.Values?.First ?? 0) + batch.Start);
        var seed = context.Options.RandomSeed;
        return new Generator(first == 0 ? seed : RandomStream.Mixed(seed + RandomStream.Mixed(first)), context.Function.Device);
    }
}
