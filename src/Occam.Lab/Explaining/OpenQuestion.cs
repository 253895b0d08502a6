namespace Occam.Lab.Explaining;

/// <summary>A question about a run that can't be answered.</summary>
/// <param name="What">The question.</param>
/// <param name="Why">Why not, and where there is a way, what would make it possible.</param>
public sealed record OpenQuestion(string What, string Why);
