using Occam.Torch;

namespace Occam.Training;

/// <summary>What is added to the loss, its value times the strength: one file each in <c>Regularizers/</c>.</summary>
/// <param name="Id">The name in configurations.</param>
/// <param name="Strength">The factor α on its value. At 0 the training is, bit for bit, that without it.</param>
public abstract record Regularizer(string Id, double Strength)
{
    /// <summary>The name in configurations.</summary>
    public string Id { get; } = Id;

    /// <summary>
    /// A factor on the strength over the run; constant when left out. Where it is 0 the step is that without the regularizer.
    /// </summary>
    public Schedule? Schedule { get; init; }

    /// <summary>The strength of a step.</summary>
    /// <param name="step">The steps taken before it.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    /// <param name="steps">All steps of the run.</param>
    public double StrengthAt(long step, long stepsPerEpoch, long steps) =>
        Strength * (Schedule?.Factor(step, stepsPerEpoch, steps) ?? 1);

    /// <summary>Its value on a batch, without the strength: a scalar that autograd can differentiate by the parameters.</summary>
    public abstract Tensor Value(RegularizerContext context);

    /// <summary>Whether its value on one and the same batch is drawn at random, anew at each step.</summary>
    public virtual bool IsRandom => false;

    /// <summary>What is wrong with the numbers given, or null.</summary>
    internal virtual string? Problem() =>
        Strength is >= 0 and < double.PositiveInfinity
            ? Schedule?.Problem()
            : $"'{Id}' can't have a strength of {Strength}: give 0 or a positive number";
}
