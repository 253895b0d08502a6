namespace Occam.Lab.Explaining;

/// <summary>The geometric complexity at the examples of one class.</summary>
/// <param name="Class">The class.</param>
/// <param name="Count">How many examples of it there are.</param>
/// <param name="Complexity">The mean of ‖J(x)‖² over them; the error is that over other examples of the class.</param>
public sealed record ClassComplexity(int Class, int Count, Uncertain Complexity);
