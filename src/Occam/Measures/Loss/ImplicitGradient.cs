using System.Collections.Immutable;
using Occam.Derivatives;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Measures.Loss;

/// <summary>
/// The terms of ‖∇_θ L_B‖² for a batch B (Dherin et al. 2022, eq. 6–8), from k recorded reverse passes and without the
/// gradients of single examples where every layer has a rule for their norms.
/// </summary>
/// <param name="Squared">‖∇_θ L_B‖².</param>
/// <param name="GradientNorms">1/B² Σ_{x,i} (ε_x^i)² ‖∇_θ f^i(x)‖².</param>
/// <param name="LabelAlignment">A_B = 1/B² Σ_x Σ_{i≠j} ⟨ε_x^i ∇_θ f^i(x), ε_x^j ∇_θ f^j(x)⟩.</param>
/// <param name="BatchAlignment">C_B = 1/B² Σ_{x≠x′} ⟨∇_θ L_x, ∇_θ L_x′⟩.</param>
/// <param name="Loss">L_B.</param>
/// <param name="PerExample">‖∇_θ L_x‖² of each example.</param>
internal sealed record ImplicitGradient(
    double Squared, double GradientNorms, double LabelAlignment, double BatchAlignment, double Loss, ImmutableArray<double> PerExample)
{
    // Values that a pass over a part of the batch may keep, recorded and with their cotangents.
    private const long MostKept = 160L << 20;

    /// <summary>
    /// The first node that takes statistics of the batch in training mode, which couples its examples; null where none does.
    /// </summary>
    public static Node? Coupling(Network network) =>
        network.ActiveNodes.FirstOrDefault(node => network.Operators[node].RunningStatistics.Count > 0);

    /// <summary>The terms with all data as the batch; null without parameters.</summary>
    public static ImplicitGradient? Of(MeasureContext context)
    {
        var parts = context.Subject.OfParameterParts();
        if (parts.IsEmpty)
        {
            return null;
        }

        var count = context.Data!.Count;
        var targets = Targets(context);
        var byExample = new double[count];
        var (squared, byOutput, loss) = (0.0, 0.0, 0.0);
        foreach (var (part, model) in parts.Index())
        {
            loss = 0;
            using var sums = new GradientSum(model.Parameters.Length);
            AddPart(context, model, targets, 1.0 / parts.Length, (double)part / parts.Length, sums, byExample, ref byOutput, ref loss);
            squared += sums.SquaresOver(count).Sum();
        }

        var B = (double)count;
        var (norms, examples) = (byOutput / (B * B), byExample.Sum() / (B * B));
        return new ImplicitGradient(squared, norms, examples - norms, squared - examples, loss / B, [.. byExample]);
    }

    private static void AddPart(
        MeasureContext context, ParameterizedFunction model, Func<Tensor, int, (double Loss, Tensor Slope)> targets, double share,
        double done, GradientSum sums, double[] byExample, ref double byOutput, ref double loss)
    {
        var first = context.Batch([.. Enumerable.Range(0, Math.Min(Math.Min(context.BatchSize, byExample.Length), 2))]);
        var together = model.Holding(first.Held).RulesHold(first.Inputs);
        foreach (var batch in context.Batches(PartSize(context), share, done))
        {
            var (size, start) = (batch.Count, batch.Start);
            using var grad = Libtorch.EnableGrad();
            if (together)
            {
                var batchLoss = 0.0;
                var (sum, squares, outputs) = model.Holding(batch.Held).GradientSumAndSquaresByOutput(
                    batch.Inputs, logits => Slope(logits, targets, start, ref batchLoss))!.Value;
                for (var i = 0; i < size; i++)
                {
                    byExample[start + i] += squares[i];
                }

                byOutput += outputs.Sum();
                loss += batchLoss;
                sums.Add(sum);
                continue;
            }

            for (var i = 0; i < size; i++)
            {
                context.Options.Cancellation.ThrowIfCancellationRequested();
                using var scope = Libtorch.NewDisposeScope();
                var one = batch.Part(i, 1);
                var logits = model.Holding(one.Held).Forward(one.Inputs);
                var slope = Slope(logits, targets, start + i, ref loss);
                for (var j = 0; logits.RequiresGrad && j < slope.Size(1); j++)
                {
                    var column = Tensor.ZerosLike(slope);
                    column.Select(1, j).CopyInPlace(slope.Select(1, j));
                    byOutput += Squares(Autograd.Grad([logits], model.Parameters, [column], retainGraph: true));
                }

                var gradients = logits.RequiresGrad
                    ? Autograd.Grad([logits], model.Parameters, [slope])
                    : new Tensor?[model.Parameters.Length];
                byExample[start + i] += Squares(gradients);
                sums.Add(gradients);
            }
        }
    }

    private static int PartSize(MeasureContext context)
    {
        if (context.Subject.Network is not { } network || context.Subject.FixedBatch is not null)
        {
            return context.BatchSize;
        }

        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var one = context.Batch([0]);
        var inner = network.Graph.Varying.Except(network.Graph.Held.Select(held => held.Name));
        var kept = one.Holding(network)!.Run(one.Inputs, [.. inner]).Values.Sum(value => value.Elements);
        return (int)Math.Clamp(MostKept / Math.Max(kept * Math.Min(context.Outputs, 16), 1), 1, context.BatchSize);
    }

    private static Func<Tensor, int, (double Loss, Tensor Slope)> Targets(MeasureContext context)
    {
        var (data, k) = (context.Data!, (int)context.Outputs);
        if ((data.Labels ?? data.PositionLabels) is not null)
        {
            var answers = Answers.Of(context);
            return (logits, start) => answers.Of(logits, [.. Enumerable.Range(start, (int)logits.Size(0))]);
        }

        if (data.Targets is not { } targets || data.TargetSize != k)
        {
            throw new OccamException(
                $"the data '{data.Name}' have "
                    + $"{(data.Targets is null ? "neither labels nor targets" : $"{data.TargetSize} targets an example")}: "
                    + $"expected class labels, or a target for each of the network's {k} outputs");
        }

        return (logits, start) =>
        {
            using var grad = Libtorch.NoGrad();
            var rows = (int)logits.Size(0);
            var slope = logits.Detach().To(ScalarType.Float64)
                - Tensor.FromArray(targets[(start * k)..((start + rows) * k)], rows, k).To(logits.Device);
            return (slope.Square().Sum().Item() / 2, slope.To(logits.ScalarType));
        };
    }

    private static Tensor Slope(Tensor logits, Func<Tensor, int, (double Loss, Tensor Slope)> targets, int start, ref double loss)
    {
        var (own, slope) = targets(logits, start);
        loss += own;
        return slope;
    }

    private static double Squares(Tensor?[] gradients) =>
        gradients.OfType<Tensor>().Sum(SumOfSquares.Of);
}
