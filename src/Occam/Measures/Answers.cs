using Occam.Data;
using Occam.Torch;

namespace Occam.Measures;

/// <summary>
/// The logits as answers among classes, and the labels that go with them: one answer an example, or one for each position
/// (token, pixel) of n × T × V logits. Against one label an example, n × T × V logits answer by their last position. Positions
/// labelled <see cref="DataSet.Ignored"/> don't count, as in PyTorch. An example's loss is the mean over its positions that count.
/// </summary>
internal sealed class Answers
{
    // Logits that are looked at at once.
    private const int MostAtOnce = 1 << 19;

    private readonly Func<Tensor, Tensor> _rows;
    private readonly int[] _labels;
    private readonly double[]? _weights;
    private readonly int _positions;
    private readonly bool _last;

    private Answers(int classes, int positions, int[] labels, double[]? weights, Func<Tensor, Tensor> rows, bool last)
    {
        Classes = classes;
        _positions = positions;
        _labels = labels;
        _weights = weights;
        _rows = rows;
        _last = last;
    }

    /// <summary>The number of classes that an answer chooses from; 1 for a single logit with labels 0 and 1.</summary>
    public int Classes { get; }

    /// <summary>Whether an example has several answers.</summary>
    public bool AreByPosition => _weights is not null;

    /// <summary>How the logits were read, for notes; empty where an example has one answer and nothing was chosen.</summary>
    public string[] Notes => _last ? ["the labels are compared with the last position"]
        : AreByPosition ? [$"by position: {Numbers.Format(_weights!.LongCount(weight => weight > 0))} answers of "
            + $"{Numbers.Format(_labels.Length / _positions)} examples"]
        : [];

    /// <summary>The answers of what the context measures.</summary>
    /// <exception cref="OccamException">The labels don't fit the outputs.</exception>
    public static Answers Of(MeasureContext context) => Problem(context) is { } problem
        ? throw new OccamException(problem)
        : context.Shared(() => Read(context));

    /// <summary>Why the labels and the outputs don't go together, or null where they do.</summary>
    public static string? Problem(MeasureContext context)
    {
        long[] shape = [.. context.OutputShape.Where(size => size != 1)];
        if (context.Data?.PositionLabels is null)
        {
            return shape.Length < 3
                ? null
                : "needs labels that fit the outputs: the data have one an example, and the network's output is "
                + $"n × {Sizes(shape)}: give a label for each position (y of shape n × {Sizes(shape[..^1])} or n × {Sizes(shape[1..])})";
        }

        var own = PositionSizes(context.Data);
        return Fits(own, shape[..^Math.Min(1, shape.Length)], shape) || Fits(own, shape[Math.Min(1, shape.Length)..], shape)
            ? null
            : $"needs labels that fit the outputs: those of the data are n × {Sizes(own)}, and the network's output is n × {Sizes(shape)}: "
                + (shape.Length < 2 ? "give one class number for each example (of a one-hot y its argmax)"
                    : $"expected n × {Sizes(shape[..^1])}, or n × {Sizes(shape[1..])} where the classes come first");
    }

    /// <summary>Each example's loss in float64, recorded where the logits are.</summary>
    public Tensor Losses(Tensor logits, int[] examples)
    {
        var losses = LogitCrossEntropy.Losses(_rows(logits), Labels(examples));
        return _weights is null ? losses : (losses * Weights(examples, logits.Device)).Reshape(examples.Length, _positions).Sum([1]);
    }

    /// <summary>The share of each example's answers that are wrong: 0 or 1 where there is one.</summary>
    public Tensor Errors(Tensor logits, int[] examples)
    {
        var errors = LogitCrossEntropy.Errors(_rows(logits), Labels(examples));
        return _weights is null
            ? errors
            : (errors.To(ScalarType.Float64) * Weights(examples, logits.Device)).Reshape(examples.Length, _positions).Sum([1]);
    }

    /// <summary>The sum of the examples' losses, and the slope of each by its logits (batch × k).</summary>
    public (double Loss, Tensor Slope) Of(Tensor logits, int[] examples)
    {
        if (_weights is null && !_last)
        {
            return LogitCrossEntropy.Of(logits, Labels(examples));
        }

        using var grad = Libtorch.EnableGrad();
        var leaf = logits.Detach().RequireGrad();
        var rows = _rows(leaf);
        if (_weights is null)
        {
            var (loss, slope) = LogitCrossEntropy.Of(rows, Labels(examples));
            return (loss, Autograd.Grad(rows, leaf, slope));
        }

        // The slopes of rows, weighted, back to where the rows came from.
        var labels = Labels(examples);
        var weights = Weights(examples, logits.Device);
        var (_, slopes) = LogitCrossEntropy.Of(rows, labels);
        using var still = Libtorch.NoGrad();
        var total = (LogitCrossEntropy.Losses(rows.Detach(), labels) * weights).Sum().Item();
        return (total, Autograd.Grad(rows, leaf, slopes * weights.Unsqueeze(1).To(slopes.ScalarType)));
    }

    /// <summary>f[y] − max_{j≠y} f[j] of each answer that counts, in order.</summary>
    public IEnumerable<double> Margins(Tensor logits, int[] examples)
    {
        var labels = Labels(examples);
        var rows = _rows(logits);
        var values = Array.Empty<double>();
        var atOnce = Math.Max(1, MostAtOnce / Classes);
        for (var i = 0; i < labels.Length; i++)
        {
            if (i % atOnce == 0)
            {
                // Some at a time: those of a text's positions among a vocabulary are many.
                using var scope = Libtorch.NewDisposeScope();
                values = rows.Narrow(0, i, Math.Min(atOnce, labels.Length - i)).To(Device.Cpu).ToArray<double>();
            }

            if (_weights is not null && _weights[(examples[i / _positions] * _positions) + (i % _positions)] == 0)
            {
                continue;
            }

            var row = values.AsSpan(i % atOnce * Classes, Classes);
            var own = row[labels[i]];
            row[labels[i]] = double.NegativeInfinity;
            var rival = double.NegativeInfinity;
            foreach (var logit in row)
            {
                rival = Math.Max(rival, logit);
            }

            yield return own - rival;
        }
    }

    /// <summary>Of each answer that counts, in order: the probability of what it chooses, and whether that is the label.</summary>
    public IEnumerable<(double Confidence, bool IsRight)> Confidences(Tensor logits, int[] examples)
    {
        var (labels, rows) = (Labels(examples), _rows(logits).To(ScalarType.Float64).Reshape(-1, Classes));
        var both = Classes == 1 ? Tensor.Cat([Tensor.ZerosLike(rows), rows], 1) : rows;
        var values = both.Softmax(1).To(Device.Cpu).ToArray<double>();
        var width = Math.Max(Classes, 2);
        for (var i = 0; i < labels.Length; i++)
        {
            if (_weights is not null && _weights[(examples[i / _positions] * _positions) + (i % _positions)] == 0)
            {
                continue;
            }

            var row = values.AsSpan(i * width, width);
            var chosen = System.Numerics.Tensors.TensorPrimitives.IndexOfMax<double>(row);
            yield return (row[chosen], chosen == labels[i]);
        }
    }

    private int[] Labels(int[] examples) =>
        [.. examples.SelectMany(example => new ArraySegment<int>(_labels, example * _positions, _positions))];

    private Tensor Weights(int[] examples, Device device) => Tensor.FromArray(
        [.. examples.SelectMany(example => new ArraySegment<double>(_weights!, example * _positions, _positions))],
        examples.Length * _positions).To(device);

    private static Answers Read(MeasureContext context)
    {
        var data = context.Data!;
        long[] shape = [.. context.OutputShape.Where(size => size != 1)];
        if (data.PositionLabels is { } positions)
        {
            return ByPosition(data, positions, shape);
        }

        var k = (int)context.Outputs;
        return shape.Length < 2
            ? new Answers(k, 1, data.RequireLabels(k == 1 ? 2 : k), null, logits => logits, last: false)
            : new Answers(
                (int)shape[1], 1, data.RequireLabels((int)shape[1]), null,
                logits => logits.Reshape(logits.Size(0), shape[0], shape[1]).Select(1, shape[0] - 1), last: true);
    }

    private static Answers ByPosition(DataSet data, int[] labels, long[] shape)
    {
        var classesLast = Fits(PositionSizes(data), shape[..^1], shape);
        var classes = (int)(classesLast ? shape[^1] : shape[0]);
        var positions = labels.Length / data.Count;
        var weights = new double[labels.Length];
        var known = new int[labels.Length];
        for (var i = 0; i < data.Count; i++)
        {
            var row = labels.AsSpan(i * positions, positions);
            var counted = positions - row.Count(DataSet.Ignored);
            if (counted == 0 || row.ContainsAnyInRange(classes, int.MaxValue))
            {
                throw new OccamException(counted == 0
                    ? $"{data.Name}: no label of example {i} counts: leave the example out"
                    : $"{data.Name}: a label of example {i} is not below the {classes} classes of the network's output");
            }

            for (var p = 0; p < positions; p++)
            {
                (known[(i * positions) + p], weights[(i * positions) + p]) = row[p] == DataSet.Ignored ? (0, 0) : (row[p], 1.0 / counted);
            }
        }

        return new Answers(
            classes, positions, known, weights,
            logits => classesLast
                ? logits.Reshape(logits.Size(0) * positions, classes)
                : logits.Reshape(logits.Size(0), classes, positions).Transpose(1, 2).Reshape(logits.Size(0) * positions, classes),
            last: false);
    }

    private static bool Fits(long[] own, long[] positions, long[] shape) =>
        shape.Length > 1 && own.AsSpan().SequenceEqual(positions);

    private static long[] PositionSizes(DataSet data) => [.. data.PositionShape.Select(size => (long)size).Where(size => size != 1)];

    private static string Sizes(IEnumerable<long> sizes) => string.Join(" × ", sizes.DefaultIfEmpty(1));
}
