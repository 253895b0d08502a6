namespace Occam.Training;

/// <summary>What a step computes besides the new weights.</summary>
/// <param name="Loss">The mean loss of the batch, before the step, without regularizers.</param>
/// <param name="Correct">How many examples were classified correctly.</param>
/// <param name="Epsilon">The mean of ε = ‖∂ℓ/∂ŷ‖ over the batch.</param>
internal readonly record struct StepOutcome(double Loss, int Correct, double Epsilon);
