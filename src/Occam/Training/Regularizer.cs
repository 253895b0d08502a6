using Occam.Torch;

namespace Occam.Training;

/// <summary>What is added to the loss: one file each in <c>Regularizers/</c>.</summary>
/// <param name="Strength">The factor α on its value. At 0 the training is, bit for bit, that without it.</param>
public abstract record Regularizer(double Strength)
{
    /// <summary>The name in configurations.</summary>
    public abstract string Id { get; }

    /// <summary>Its value on a batch, without the strength: a scalar that autograd can differentiate by the parameters.</summary>
    public abstract Tensor Value(RegularizerContext context);

    /// <summary>What is wrong with the numbers given, or null.</summary>
    internal virtual string? Refuse() => Strength is >= 0 and < double.PositiveInfinity ? null : $"'{Id}' can't have a strength of {Strength}: give 0 or a positive number";
}
