using Occam.Torch;

namespace Occam.Training;

/// <summary>
/// How a parameter moves along its gradient: one file each in <c>Optimizers/</c>. The same rule stands there twice,
/// for tensors on any device and for managed memory; a test holds one against the other.
/// </summary>
/// <param name="Id">The name in configurations.</param>
/// <param name="LearningRate">The step size α before the schedule.</param>
public abstract record Optimizer(string Id, double LearningRate)
{
    /// <summary>The name in configurations.</summary>
    public string Id { get; } = Id;

    /// <summary>How many numbers it remembers for each parameter.</summary>
    public abstract int Slots { get; }

    /// <summary>
    /// Whether a step is exactly −α times the gradient of the loss: what the bounds on the trajectory of the bias assume.
    /// </summary>
    public virtual bool IsPlain => false;

    /// <summary>
    /// The stability threshold of a learning rate h: on a quadratic loss with the Hessian H, its own preconditioner P held fixed, steps
    /// grow without end where an eigenvalue of P⁻¹H is larger. 2/h of plain gradient descent (Cohen et al. 2021 and 2022).
    /// </summary>
    /// <param name="rate">h.</param>
    public abstract double StableSharpness(double rate);

    /// <summary>What it adds to the Hessian's diagonal: weight decay that is a part of the gradient.</summary>
    internal virtual double AddedCurvature => 0;

    /// <summary>Whether what a slot remembers is a mean of squares, which can't be negative.</summary>
    /// <param name="slot">From 0.</param>
    internal virtual bool IsSquare(int slot) => false;

    /// <summary>P's diagonal for a parameter after some steps; null where P is the identity.</summary>
    /// <param name="slots">What is remembered, in the shape of the parameter.</param>
    /// <param name="step">Steps taken, 1 or more.</param>
    internal virtual Tensor? Preconditioner(ReadOnlySpan<Tensor> slots, long step) => null;

    /// <summary>Moves a parameter in place.</summary>
    /// <param name="parameter">The parameter, which autograd must not be recording.</param>
    /// <param name="gradient">Its gradient, which may be overwritten.</param>
    /// <param name="slots">What is remembered, in the shape of the parameter.</param>
    /// <param name="rate">The learning rate of this step.</param>
    /// <param name="step">The number of this step, from 1.</param>
    internal abstract void Update(Tensor parameter, Tensor gradient, ReadOnlySpan<Tensor> slots, double rate, long step);

    /// <summary>Moves parameters in place, in single precision.</summary>
    /// <param name="parameter">The parameters.</param>
    /// <param name="gradient">Their gradient, which may be overwritten.</param>
    /// <param name="slots">What is remembered: one after the other, each as long as the parameters.</param>
    /// <param name="rate">The learning rate of this step.</param>
    /// <param name="step">The number of this step, from 1.</param>
    internal abstract void Update(Span<float> parameter, Span<float> gradient, Span<float> slots, double rate, long step);

    /// <summary>What is wrong with the numbers given, or null.</summary>
    internal virtual string? Problem() =>
        LearningRate is > 0 and < double.PositiveInfinity ? null : $"a learning rate of {LearningRate} can't be: give a positive number";
}
