namespace Occam.Lab.Explaining;

/// <summary>Something that pulls on the parameters in a step: the loss itself, the learning rate, a regularizer.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Strength">The factor on its value.</param>
/// <param name="Value">Its value, without the strength.</param>
/// <param name="Norm">‖strength · ∇_θ value‖.</param>
/// <param name="Effect">
/// What it alone does to the geometric complexity of the batch in a step of plain gradient descent, to first order:
/// −h ⟨∇_θ GC, strength · ∇_θ value⟩. Negative: it holds complexity down.
/// </param>
public sealed record Pull(string Name, double Strength, Uncertain Value, Uncertain Norm, Uncertain Effect);
