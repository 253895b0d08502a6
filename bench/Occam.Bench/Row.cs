namespace Occam.Bench;

/// <summary>One line of the table: a figure of Occam's, what it stands against, and whether it meets what is asked of it.</summary>
/// <param name="Case">What was measured.</param>
/// <param name="Occam">Occam's figure.</param>
/// <param name="Against">Whose figure it is held against.</param>
/// <param name="Theirs">That figure.</param>
/// <param name="Ratio">How they compare, with the spread over the rounds.</param>
/// <param name="Required">What is asked; empty when the line only informs.</param>
/// <param name="Error">How far the value is from the reference.</param>
/// <param name="Met">Whether all that is asked of the line is met.</param>
internal sealed record Row(string Case, string Occam, string Against, string Theirs, string Ratio, string Required, string Error, bool Met);
