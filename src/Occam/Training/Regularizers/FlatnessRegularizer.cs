using Occam.Torch;

namespace Occam.Training.Regularizers;

/// <summary>
/// ‖∇_θ L_B‖², the squared slope of the mean loss of a batch (Dherin et al. 2022, §4): the batch of the step, or a fresh
/// one, which is drawn from the training examples as they are, without noise or augmentation.
/// </summary>
/// <param name="Strength">The factor; h/4 doubles the implicit regularization of a step of size h (Dherin et al. 2022, §5).</param>
/// <param name="FreshBatch">Whether a batch of its own is drawn, which costs another forward pass.</param>
public sealed record FlatnessRegularizer(double Strength, bool FreshBatch = false) : Regularizer("flatness", Strength)
{
    /// <inheritdoc/>
    public override bool IsRandom => FreshBatch;

    /// <inheritdoc/>
    public override Tensor Value(RegularizerContext context)
    {
        var loss = context.Loss.Mean(context.Logits, context.Targets);
        if (FreshBatch)
        {
            var (inputs, targets) = context.Fresh();
            loss = context.Loss.Mean(context.Run(inputs), targets);
        }

        var gradients = Autograd.Grad([loss], [.. context.Parameters.Values], createGraph: true);
        return WeightTensors.Sum(context, gradients.OfType<Tensor>().Select(gradient => gradient.Square().Sum()));
    }
}
