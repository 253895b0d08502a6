using Occam.Measures;
using Occam.Measures.Loss;
using Occam.Theory.Parts;
using Occam.Torch;

namespace Occam.Theory.Dherin2022;

/// <summary>
/// Dherin et al. 2022, eq. 6–8: ‖∇_θ L_B‖² is 1/B² Σ_{x,i} (ε_x^i)² ‖∇_θ f^i(x)‖² + A_B + C_B. The left side from one reverse pass of the
/// mean loss of a batch; the right from every ε_x^i ∇_θ f^i(x) written out and multiplied pair by pair, on the first
/// examples as the batch. Evaluation mode. Cross-entropy where the data have labels; where they have targets ½‖f − y‖², which the
/// paper extends it to: for both ε is the residual, the slope of the loss by the logits.
/// </summary>
public sealed class Dherin2022Equation6() : Theorem(
    "gc-equation-6",
    "Implicit gradient regularization in its parts",
    "Dherin et al. 2022, eq. 6–8",
    "‖∇_θ L_B‖² = 1/B² Σ ε² ‖∇_θ f^i‖² + A_B + C_B",
    TheoremNeeds.WeightDerivative)
{
    /// <inheritdoc/>
    public override bool IsOfBatches => true;

    /// <inheritdoc/>
    protected override TheoremResult Verify(TheoryContext context)
    {
        var k = (int)context.Measures.Outputs;
        var (data, isSquared) = (context.Data, context.Data.Labels is null);
        if (context.Network.Parameters.Length == 0 || (isSquared && data.TargetSize != k))
        {
            return Blank with
            {
                NotApplicable = context.Network.Parameters.Length == 0 ? "the network has no parameters"
                    : data.PositionLabels is not null ? "is about one answer an example, and the data have labels by position"
                    : data.Targets is null ? "the data have neither labels nor targets"
                    : $"the data have {data.TargetSize} targets an example, and the network {k} outputs",
            };
        }

        var B = ParameterGradients.Examples(context);
        var loss = isSquared
            ? SquaredErrors(Tensor.FromArray(data.Targets![..(B * k)], B, k))
            : CrossEntropies(data.RequireLabels(k == 1 ? 2 : k)[..B]);
        var model = new Subject(context.Network).OfParameters()!;
        double squared;
        using (Libtorch.EnableGrad())
        {
            var all = context.Measures.Batch([.. Enumerable.Range(0, B)]);
            var mean = loss.Losses(model.Holding(all.Held).Forward(all.Inputs)).Mean();
            squared = Autograd.Grad([mean], model.Parameters).OfType<Tensor>().Sum(gradient => gradient.Square().Sum().Item());
        }

        using var grad = Libtorch.NoGrad();
        var rows = Enumerable.Range(0, B).Select(n =>
        {
            var one = context.Measures.Batch([n]);
            var epsilon = loss.Residual(one.Holding(context.Network)!.Forward(one.Inputs), n);
            return ParameterGradients.Of(context, n) * epsilon.Reshape(-1, 1);
        }).ToArray();
        var byOutput = rows.Sum(row => row.Square().Sum().Item());
        var label = rows.Sum(row => Off(row.MatMul(row.T())));
        var examples = Tensor.Stack([.. rows.Select(row => row.Sum([0]))], 0);
        var batch = Off(examples.MatMul(examples.T()));
        var count = (double)B * B;
        return Blank with
        {
            Inequalities =
            [
                Inequality.Equal("‖∇_θ L_B‖² = 1/B² Σ ε² ‖∇_θ f^i‖² + A_B + C_B", squared, (byOutput + label + batch) / count)
                    .AsArithmetic(),
            ],
            Details =
            [
                new("batch", B), new("gradientNorms", byOutput / count), new("labelAlignment", label / count),
                new("batchAlignment", batch / count),
            ],
            Notes =
            [
                isSquared ? "L is ½‖f − y‖² of the data's targets" : "L is the cross-entropy of the data's labels",
                .. ImplicitGradient.Coupling(context.Network) is { } node ? (string[])[
                    $"with the running statistics of {node}: by the batch's own the examples are coupled and the terms not defined",
                ] : [],
            ],
        };

        static double Off(Tensor products) => products.Sum().Item() - products.Diagonal().Sum().Item();
    }

    private static (Func<Tensor, Tensor> Losses, Func<Tensor, int, Tensor> Residual) CrossEntropies(int[] labels) =>
        (logits => LogitCrossEntropy.Losses(logits, labels), (logits, n) => LogitCrossEntropy.Of(logits, [labels[n]]).Slope);

    private static (Func<Tensor, Tensor> Losses, Func<Tensor, int, Tensor> Residual) SquaredErrors(Tensor targets) =>
        (logits => (logits - targets).Square().Sum([1]) * 0.5, (logits, n) => logits - targets.Narrow(0, n, 1));
}
