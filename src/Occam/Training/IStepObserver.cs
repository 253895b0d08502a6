using System.Collections.Immutable;

namespace Occam.Training;

/// <summary>
/// What follows some parameters step by step, such as the trajectory of the biases: the engine says what a step did to them,
/// and the trainer records the metrics. It changes nothing.
/// </summary>
internal interface IStepObserver
{
    /// <summary>The names of the parameters that are followed, at least one; of the first, every number is.</summary>
    ImmutableArray<string> Parameters { get; }

    /// <summary>Called by the engine before the first step.</summary>
    /// <param name="isClosedForm">Whether every step is θ ← θ − α ∂L/∂z ∂z/∂θ, plain descent on one example and its one logit z.</param>
    /// <param name="first">The numbers of the first parameter.</param>
    void Begin(bool isClosedForm, ReadOnlySpan<float> first);

    /// <summary>Called by the engine where the weights are those of a checkpoint now.</summary>
    /// <param name="first">The numbers of the first parameter.</param>
    void Restart(ReadOnlySpan<float> first);

    /// <summary>Called by the engine at the end of a step.</summary>
    /// <param name="norms">A number for each parameter: ‖∂z/∂θ‖ in closed form, otherwise ‖θ(t+1) − θ(t)‖.</param>
    /// <param name="first">The numbers of the first parameter after the step.</param>
    /// <param name="inputNorm">‖∂z/∂x‖ in closed form.</param>
    /// <param name="logit">z in closed form.</param>
    void Take(ReadOnlySpan<double> norms, ReadOnlySpan<float> first, double inputNorm, double logit);

    /// <summary>Called by the trainer after a step that didn't diverge.</summary>
    /// <param name="rate">The step's learning rate, α.</param>
    /// <param name="epsilon">The mean of ε = ‖∂ℓ/∂ŷ‖ over its batch.</param>
    void Observe(double rate, double epsilon);

    /// <summary>What is to be recorded after a step; nothing after most.</summary>
    /// <param name="step">Steps taken.</param>
    /// <param name="isLast">Whether it was the last.</param>
    ImmutableArray<(string Name, double Value)> Metrics(long step, bool isLast);

    /// <summary>Writes all that the following steps depend on.</summary>
    void Save(StateArchive archive);

    /// <summary>Goes back to what <see cref="Save"/> wrote after a step.</summary>
    /// <exception cref="OccamException">It can't be what was written after that step.</exception>
    void Load(StateArchive archive, long step);
}
