namespace Occam.Lab.Experiments.Contract;

/// <summary>What a paper claims.</summary>
/// <param name="Id">Its name within its figure, in kebab case, as <c>ends-shortest</c>.</param>
/// <param name="Text">The claim, a sentence.</param>
/// <param name="Source">Where it is made: paper, section, figure or equation.</param>
public record Claim(string Id, string Text, string Source);

/// <summary>A claim with the function that judges it: of the runs alone, without training, clock or chance.</summary>
/// <param name="Id">Its name within its figure, in kebab case, as <c>ends-shortest</c>.</param>
/// <param name="Text">The claim, a sentence.</param>
/// <param name="Source">Where it is made: paper, section, figure or equation.</param>
/// <param name="Judge">What the runs say of it.</param>
/// <typeparam name="TRuns">The raw runs of the figure.</typeparam>
public sealed record Claim<TRuns>(string Id, string Text, string Source, Func<TRuns, Finding> Judge) : Claim(Id, Text, Source);
