namespace Occam.Lab.Experiments.Contract;

/// <summary>What a paper claims.</summary>
/// <param name="Text">The claim, a sentence.</param>
/// <param name="Source">Where it is made: paper, section, figure or equation.</param>
public sealed record Claim(string Text, string Source);
