using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Contract;

/// <summary>What an experiment found: its figure, under the verdicts that it supports.</summary>
public sealed record ExperimentOutcome : ExperimentFigure
{
    /// <summary>Puts a figure under its verdicts.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="title">What the figure is to show, as a sentence; it becomes a question where a verdict denies it.</param>
    /// <param name="verdicts">The verdict on each claim.</param>
    /// <param name="rawRuns">The runs that the verdicts follow from, as a file.</param>
    [SetsRequiredMembers]
    internal ExperimentOutcome(ExperimentFigure figure, string title, ImmutableArray<VerdictBlock> verdicts, ReadOnlyMemory<byte> rawRuns)
        : base(figure) =>
        (Headline, Verdicts, RawRuns) = (ClaimVerdicts.Headline(title, verdicts), verdicts, rawRuns);

    /// <summary>The page's title: what was found, in a sentence.</summary>
    public string Headline { get; }

    /// <summary>The verdict on each of <see cref="Experiment.Claims"/>, in their order.</summary>
    public ImmutableArray<VerdictBlock> Verdicts { get; }

    /// <summary>The runs that the verdicts follow from, as the file that <see cref="Experiment.VerdictsOf"/> reads.</summary>
    public ReadOnlyMemory<byte> RawRuns { get; }
}
