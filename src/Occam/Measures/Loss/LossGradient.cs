using System.Collections.Immutable;
using Occam.Derivatives;
using Occam.Torch;

namespace Occam.Measures.Loss;

/// <summary>The gradient of the mean cross-entropy over the data by the parameters, and of each example's alone.</summary>
internal sealed record LossGradient
{
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
        var model = context.Subject.OfParameters();
        return model is null ? null : context.Shared(() => Compute(context, model));
    }

    private static LossGradient Compute(MeasureContext context, ParameterizedFunction model)
    {
        var count = context.Data!.Count;
        var oneOutput = context.Outputs == 1;
        var labels = context.Data.RequireLabels(oneOutput ? 2 : (int)context.Outputs);
        var sums = model.Parameters.Select(parameter => Tensor.ZerosLike(parameter).To(ScalarType.Float64)).ToArray();
        var perExample = new double[count];
        var loss = 0.0;
        var together = model.RulesHold(context.Examples(0, Math.Min(Math.Min(context.BatchSize, count), 2)));
        foreach (var (x, start) in context.Batches())
        {
            var size = together ? (int)x.Size(0) : 1;
            for (var i = 0; i < x.Size(0); i += size)
            {
                context.Options.Cancellation.ThrowIfCancellationRequested();
                using var scope = Libtorch.NewDisposeScope();
                var part = labels.AsSpan(start + i, size).ToArray();
                var gradients = together
                    ? BatchGradient(model, x, part, perExample.AsSpan(start, size), ref loss)!
                    : ExampleGradient(model, x.Narrow(0, i, 1), part, out perExample[start + i], ref loss);
                for (var p = 0; p < sums.Length; p++)
                {
                    if (gradients[p] is { } gradient)
                    {
                        sums[p].AddInPlace(gradient.To(ScalarType.Float64));
                    }
                }
            }
        }

        var squares = sums.Select(sum => (sum / count).Square().Sum().Item()).ToArray();
        return new LossGradient
        {
            SquaredNorm = squares.Sum(),
            Loss = loss / count,
            PerExample = [.. perExample],
            ByParameter = [.. model.Names.Zip(squares, (name, square) => new LayerValue(name, square))],
            Notes = [oneOutput
                ? "binary cross-entropy of the sigmoid of the output, natural logarithm"
                : "cross-entropy of the softmax of the logits, natural logarithm"],
        };
    }

    /// <summary>The gradients of a batch's losses, summed; null where there is no way to have the examples' squares with them.</summary>
    private static Tensor?[]? BatchGradient(ParameterizedFunction model, Tensor x, int[] labels, Span<double> squares, ref double loss)
    {
        using var grad = Libtorch.EnableGrad();
        var batchLoss = 0.0;
        var result = model.GradientSumAndSquares(x, logits =>
        {
            (batchLoss, var slope) = LogitCrossEntropy.Of(logits, labels);
            return slope;
        });
        result?.Squares.CopyTo(squares);
        loss += batchLoss;
        return result?.Sum;
    }

    private static Tensor?[] ExampleGradient(ParameterizedFunction model, Tensor x, int[] labels, out double square, ref double loss)
    {
        using var grad = Libtorch.EnableGrad();
        var logits = model.Forward(x);
        var (own, slope) = LogitCrossEntropy.Of(logits, labels);
        loss += own;
        var gradients = logits.RequiresGrad ? Autograd.Grad([logits], model.Parameters, [slope]) : new Tensor?[model.Parameters.Length];
        square = gradients.OfType<Tensor>().Sum(gradient => InputJacobian.SquaredNormByExample(gradient.Unsqueeze(0)).Item());
        return gradients;
    }
}
