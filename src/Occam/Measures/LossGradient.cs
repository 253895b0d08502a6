using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Measures;

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
        var model = ParameterizedFunction.Of(context.Subject);
        return model is null ? null : context.Shared("loss gradient", () => Compute(context, model));
    }

    private static LossGradient Compute(MeasureContext context, ParameterizedFunction model)
    {
        var count = context.Data!.Count;
        var oneOutput = context.Outputs == 1;
        var labels = context.Data.RequireLabels(oneOutput ? 2 : (int)context.Outputs);
        var sums = model.Parameters.Select(parameter => Tensor.ZerosLike(parameter).To(ScalarType.Float64)).ToArray();
        var perExample = new double[count];
        var loss = 0.0;

        // Each example's gradient alone gives both: its norm, and its share of the sum.
        foreach (var (x, start) in context.Batches())
        {
            for (var i = 0; i < x.Size(0); i++)
            {
                context.Options.Cancellation.ThrowIfCancellationRequested();
                using var scope = Libtorch.NewDisposeScope();
                using var grad = Libtorch.EnableGrad();
                var logits = model.Forward(x.Narrow(0, i, 1));
                var L = CrossEntropy(logits, labels[start + i]);
                loss += L.Item();
                var gradients = Autograd.Grad([L], model.Parameters);
                for (var p = 0; p < sums.Length; p++)
                {
                    if (gradients[p] is { } gradient)
                    {
                        var wide = gradient.To(ScalarType.Float64);
                        perExample[start + i] += wide.Square().Sum().Item();
                        sums[p].AddInPlace(wide);
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
            Notes = [oneOutput ? "binary cross-entropy of the sigmoid of the output, natural logarithm" : "cross-entropy of the softmax of the logits, natural logarithm"],
        };
    }

    private static Tensor CrossEntropy(Tensor logits, int label) =>
        logits.Size(1) == 1
            ? -(label == 1 ? logits : -logits).LogSigmoid().Sum()
            : -logits.LogSoftmax(1).Select(1, label).Sum();
}
