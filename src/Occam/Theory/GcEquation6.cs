using Occam.Measures;
using Occam.Torch;

namespace Occam.Theory;

/// <summary>
/// Dherin et al. 2022, eq. 6–8: ‖∇_θ L_B‖² is 1/B² Σ_{x,i} (ε_x^i)² ‖∇_θ f^i(x)‖² + A_B + C_B. The left side from one reverse pass of the
/// mean loss of a batch; the right from every ε_x^i ∇_θ f^i(x) written out and multiplied pair by pair, on the first
/// examples as the batch. Evaluation mode.
/// </summary>
public sealed class GcEquation6 : Theorem
{
    /// <inheritdoc/>
    public override string Id => "gc-equation-6";

    /// <inheritdoc/>
    public override string Title => "Implicit gradient regularization in its parts";

    /// <inheritdoc/>
    public override string Source => "Dherin et al. 2022, eq. 6–8";

    /// <inheritdoc/>
    public override string Statement => "‖∇_θ L_B‖² = 1/B² Σ ε² ‖∇_θ f^i‖² + A_B + C_B";

    /// <inheritdoc/>
    protected override TheoremResult Verify(TheoryContext context)
    {
        if (context.Data.Labels is null || context.Network.Parameters.Length == 0)
        {
            return Blank with { NotApplicable = context.Data.Labels is null ? "is looked at for classification, and the data have no labels" : "the network has no parameters" };
        }

        var B = ParameterGradients.Examples(context);
        var labels = context.Data.RequireLabels(context.Measures.Outputs == 1 ? 2 : (int)context.Measures.Outputs)[..B];
        var model = ParameterizedFunction.Of(new Subject(context.Network))!;
        double squared;
        using (Libtorch.EnableGrad())
        {
            var loss = CrossEntropy.Losses(model.Forward(context.Measures.Examples(0, B)), labels).Mean();
            squared = Autograd.Grad([loss], model.Parameters).OfType<Tensor>().Sum(gradient => gradient.Square().Sum().Item());
        }

        using var grad = Libtorch.NoGrad();
        var rows = Enumerable.Range(0, B).Select(n =>
        {
            var (_, epsilon) = CrossEntropy.Of(context.Network.Forward(context.Measures.Examples(n, 1)), [labels[n]]);
            return ParameterGradients.Of(context, n) * epsilon.Reshape(-1, 1);
        }).ToArray();
        var byOutput = rows.Sum(row => row.Square().Sum().Item());
        var label = rows.Sum(row => Off(row.MatMul(row.T())));
        var examples = Tensor.Stack([.. rows.Select(row => row.Sum([0]))], 0);
        var batch = Off(examples.MatMul(examples.T()));
        var count = (double)B * B;
        return Blank with
        {
            Inequalities = [Inequality.Equal("‖∇_θ L_B‖² = 1/B² Σ ε² ‖∇_θ f^i‖² + A_B + C_B", squared, (byOutput + label + batch) / count)],
            Details = [new("batch", B), new("gradientNorms", byOutput / count), new("labelAlignment", label / count), new("batchAlignment", batch / count)],
            Notes = ImplicitGradient.Coupling(context.Network) is { } node ? [$"with the running statistics of {node}: by the batch's own the examples are coupled and the terms not defined"] : [],
        };

        static double Off(Tensor products) => products.Sum().Item() - products.Diagonal().Sum().Item();
    }
}
