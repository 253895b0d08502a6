using Occam.Lab.Documents;

namespace Occam.Lab.PaperItems.Results;

/// <summary>How a claim stands at the last judged run of its figure.</summary>
/// <param name="Claim">The claim, as <c>figure/claim</c>.</param>
/// <param name="Entry">The verdict on it; null where no run judged it.</param>
/// <param name="Run">The run; null where there is none.</param>
public sealed record Standing(string Claim, ReproductionDocument.ClaimEntry? Entry, RecordedFigure? Run);
