namespace Occam.Measures.Loss;

/// <summary>
/// What gradient descent regularizes implicitly: ‖∇_θ L_B‖², of which a step of size h adds h/4 to the loss that it
/// follows, and its parts in Dherin et al. 2022, eq. 6–8, which sum to it:
/// <c>gradientNorms</c> 1/B² Σ_{x,i} (ε_x^i)² ‖∇_θ f^i(x)‖²,
/// <c>labelAlignment</c> A_B = 1/B² Σ_x Σ_{i≠j} ⟨ε_x^i ∇_θ f^i(x), ε_x^j ∇_θ f^j(x)⟩ and
/// <c>batchAlignment</c> C_B = 1/B² Σ_{x≠x′} ⟨∇_θ L_x, ∇_θ L_x′⟩, with ε = ∂L_x/∂f.
/// <para>
/// The batch B is all data given. θ: the network's own parameters, batch normalization not folded. Evaluation mode:
/// in training mode batch normalization couples the examples of a batch, L_x is no function of x alone, and the terms
/// aren't defined. Cross-entropy of the softmax of the logits (of the sigmoid for one output) where the data have labels,
/// ½‖f − y‖² where they have targets: the losses for which ε is f − y after the activation. Of answers by position (tokens) L_x is the
/// mean over the positions of x whose label counts, and i goes over all outputs of all positions. Exact.
/// </para>
/// </summary>
public sealed record ImplicitGradientRegularization() : Measure(
    "implicit-gradient-regularization", "Implicit gradient regularization", "Dherin et al. 2022, eq. 6–8",
    "$‖∇_θ L_B‖²$, $B$ all data: gradient norms by output, label alignment, batch alignment",
    MeasureNeeds.Data | MeasureNeeds.WeightDerivative)
{
    // Of answers by position: a reverse pass each, and the positions times the classes are soon more than one waits for.
    private const long MostOutputs = 4096;

    /// <inheritdoc/>
    public override string Meaning => "How large the loss’s gradient is: gradient descent with finite steps holds it down by itself.";

    /// <inheritdoc/>
    public override bool HoldsInputs => true;

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        context = context.FromModelInputs;
        var hasLabels = (context.Data!.Labels ?? context.Data.PositionLabels) is not null;
        if (context.HasPositions && (!hasLabels || context.Outputs > MostOutputs))
        {
            return Blank with
            {
                NotApplicable = hasLabels
                    ? $"needs the gradient of each of {Numbers.Format(context.Outputs)} outputs: choose a position (--position)"
                    : "is computed of answers by position where the data have class labels, and these have none",
            };
        }

        if (!hasLabels && context.Data.Targets is null)
        {
            return Blank with { NotApplicable = "needs class labels or targets, and the data have none" };
        }

        if (hasLabels && Answers.Problem(context) is { } problem)
        {
            return Blank with { NotApplicable = problem };
        }

        if (ImplicitGradient.Of(context) is not { } terms)
        {
            return Blank with { NotApplicable = "the network has no parameters" };
        }

        return Blank with
        {
            Value = terms.Squared,
            Details =
            [
                new("gradientNorms", terms.GradientNorms), new("labelAlignment", terms.LabelAlignment),
                new("batchAlignment", terms.BatchAlignment),
                new("perExample", terms.PerExample.Average()), new("loss", terms.Loss),
            ],
            Notes =
            [
                .. hasLabels ? Answers.Of(context).Notes : [],
                .. context.Subject.Network is { } network && ImplicitGradient.Coupling(network) is { } node
                    ? [$"with the running statistics of {node}: by the batch's own, as in training, the examples are coupled and the "
                        + "terms not defined"]
                    : Array.Empty<string>(),
            ],
        };
    }
}
