using System.Collections.Immutable;
using Occam.Derivatives;
using Occam.Torch;

namespace Occam.Measures.Loss;

/// <summary>The gradient of the mean cross-entropy over the data by the parameters, and of each example's alone.</summary>
internal sealed record LossGradient
{
    // Outputs of a pass, of which there are several copies in float64.
    private const long MostOutputs = 1L << 20;

    /// <summary>‖∇_θ L‖² for the mean loss L.</summary>
    public required double SquaredNorm { get; init; }

    /// <summary>L.</summary>
    public required double Loss { get; init; }

    /// <summary>‖∇_θ L_x‖² of each example.</summary>
    public required ImmutableArray<double> PerExample { get; init; }

    /// <summary>‖∇_θ L‖² by parameter tensor.</summary>
    public required ImmutableArray<LayerValue> ByParameter { get; init; }

    /// <summary>The loss's convention.</summary>
    public required ImmutableArray<string> Notes { get; init; }

    /// <summary>The gradient of what the context measures, computed once a run; null without parameters.</summary>
    public static LossGradient? Of(MeasureContext context)
    {
        context = context.FromModelInputs;
        var large = context.Subject.LargeMatrices();
        var parts = context.Subject.OfParameterParts(large);
        return parts.IsEmpty && large.IsEmpty ? null : context.Shared(() => Compute(context, parts, large));
    }

    private static LossGradient Compute(
        MeasureContext context, ImmutableArray<ParameterizedFunction> parts, ImmutableArray<LargeMatrix> large)
    {
        var count = context.Data!.Count;
        var answers = Answers.Of(context);
        var perExample = new double[count];
        var loss = 0.0;
        Dictionary<string, double> squares = [];
        var share = 1.0 / (parts.Length + large.Length);
        foreach (var (part, model) in parts.Index())
        {
            loss = 0;
            var found = Squares(context, model, answers, share, part * share, perExample, ref loss);
            foreach (var (name, square) in model.Names.Zip(found))
            {
                squares[name] = square;
            }
        }

        foreach (var (i, matrix) in large.Index())
        {
            (squares[matrix.Name], loss) = SquareByRows(context, matrix, answers, share, (parts.Length + i) * share, perExample);
        }

        var order = large.IsEmpty ? parts.SelectMany(model => model.Names)
            : context.Subject.Network!.Parameters.Select(parameter => parameter.Name).Where(squares.ContainsKey);
        return new LossGradient
        {
            SquaredNorm = order.Sum(name => squares[name]),
            Loss = loss / count,
            PerExample = [.. perExample],
            ByParameter = [.. order.Select(name => new LayerValue(name, squares[name]))],
            Notes =
            [
                answers.Classes == 1
                    ? "binary cross-entropy of the sigmoid of the output, natural logarithm"
                    : "cross-entropy of the softmax of the logits, natural logarithm",
                .. answers.Notes,
            ],
        };
    }

    /// <summary>‖∇L‖² by each of a function's parameters; adds to the squares of the examples, and to the loss.</summary>
    private static double[] Squares(
        MeasureContext context, ParameterizedFunction model, Answers answers, double share, double done, double[] perExample,
        ref double loss)
    {
        var count = perExample.Length;
        using var sums = new GradientSum(model.Parameters.Length);
        var first = context.Batch([.. Enumerable.Range(0, Math.Min(Math.Min(context.BatchSize, count), 2))]);
        var together = model.Holding(first.Held).RulesHold(first.Inputs);

        // A reverse pass keeps the cotangents of all layers beside their values: fewer examples take the memory of a batch, and fewer yet
        // where the outputs are as many as a text's. Passes of equal size take the least time.
        var most = together ? (int)Math.Max(1, Math.Min(context.BatchSize * 2 / 3, MostOutputs / context.Outputs)) : 1;
        var passes = (count + most - 1) / most;
        var size = (count + passes - 1) / passes;
        for (var start = 0; start < count; start += size)
        {
            context.Options.Cancellation.ThrowIfCancellationRequested();
            using var scope = Libtorch.NewDisposeScope();
            var part = context.Batch([.. Enumerable.Range(start, Math.Min(size, count - start))]);
            var gradients = together
                ? BatchGradient(model, part, answers, perExample.AsSpan(start, part.Count), ref loss)!
                : ExampleGradient(model, part, answers, ref perExample[start], ref loss);
            sums.Add(gradients);
            context.Options.Progress?.Invoke(done + (share * (start + part.Count) / count));
        }

        return sums.SquaresOver(count);
    }

    /// <summary>‖∇L‖² by a large matrix, some of its rows at a time, and the loss; adds to the squares of the examples.</summary>
    private static (double Square, double Loss) SquareByRows(
        MeasureContext context, LargeMatrix matrix, Answers answers, double share, double done, double[] perExample)
    {
        var (count, square, loss) = (perExample.Length, 0.0, 0.0);
        var atOnce = Math.Clamp(context.Subject.MostTogether / 2 / matrix.Columns, 1, matrix.Rows);
        for (var start = 0L; start < matrix.Rows; start += atOnce)
        {
            using var sums = new GradientSum(1);
            var rows = Math.Min(atOnce, matrix.Rows - start);
            loss = 0;
            for (var i = 0; i < count; i++)
            {
                context.Options.Cancellation.ThrowIfCancellationRequested();
                using var scope = Libtorch.NewDisposeScope();
                using var grad = Libtorch.EnableGrad();
                var example = context.Batch([i]);
                var own = 0.0;
                var recording = matrix.Record(example.Held, example.Inputs, logits =>
                {
                    (own, var slope) = answers.Of(logits, example.Indices);
                    return slope;
                });
                loss += own;
                var gradient = recording.Rows(start, rows);
                perExample[i] += SumOfSquares.Of(gradient);
                sums.Add([gradient]);
                context.Options.Progress?.Invoke(done + (share * (start + (rows * (i + 1.0) / count)) / matrix.Rows));
            }

            square += sums.SquaresOver(count)[0];
        }

        return (square, loss);
    }

    /// <summary>The gradients of a batch's losses, summed; null where there is no way to have the examples' squares with them.</summary>
    private static Tensor?[]? BatchGradient(
        ParameterizedFunction model, ExampleBatch batch, Answers answers, Span<double> squares, ref double loss)
    {
        using var grad = Libtorch.EnableGrad();
        var batchLoss = 0.0;
        var result = model.Holding(batch.Held).GradientSumAndSquares(batch.Inputs, logits =>
        {
            (batchLoss, var slope) = answers.Of(logits, batch.Indices);
            return slope;
        });
        for (var i = 0; i < squares.Length; i++)
        {
            squares[i] += result?.Squares[i] ?? 0;
        }

        loss += batchLoss;
        return result?.Sum;
    }

    private static Tensor?[] ExampleGradient(
        ParameterizedFunction model, ExampleBatch batch, Answers answers, ref double square, ref double loss)
    {
        using var grad = Libtorch.EnableGrad();
        var logits = model.Holding(batch.Held).Forward(batch.Inputs);
        var (own, slope) = answers.Of(logits, batch.Indices);
        loss += own;
        var gradients = logits.RequiresGrad ? Autograd.Grad([logits], model.Parameters, [slope]) : new Tensor?[model.Parameters.Length];
        square += gradients.OfType<Tensor>().Sum(SumOfSquares.Of);
        return gradients;
    }
}
