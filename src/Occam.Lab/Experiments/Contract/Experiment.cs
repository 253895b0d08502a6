using System.Collections.Immutable;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Contract;

/// <summary>
/// A figure of a paper, computed again. An experiment is one file in this room (or two, with its page's panels in
/// the second) and is found by <see cref="ExperimentCatalogue"/>; its doc comment says what the paper states, what
/// its authors' code shows and what had to be chosen. What it computes depends on the scale, the seeds and the data
/// alone: never on the clock, on the number of threads, or on what runs beside it.
/// </summary>
public abstract class Experiment(string id, string title, string paper, string figure, params ImmutableArray<string> dataSets)
{
    /// <summary>The id in kebab case: the paper's short name, the figure's number, and a part of it where there are several.</summary>
    public string Id { get; } = id;

    /// <summary>A line that says what is studied.</summary>
    public string Title { get; } = title;

    /// <summary>The title as it stands before there are verdicts: a question where it claims something.</summary>
    internal string AskedTitle => Claims.IsEmpty ? Title : $"{Title}?";

    /// <summary>The paper: authors and year.</summary>
    public string Paper { get; } = paper;

    /// <summary>The figure of the paper.</summary>
    public string Figure { get; } = figure;

    /// <summary>What the paper claims of it, in the order in which the outcome judges.</summary>
    public abstract ImmutableArray<Claim> Claims { get; }

    /// <summary>The named data sets it reads, as <c>mnist</c>; none where it makes its own data.</summary>
    public ImmutableArray<string> DataSets { get; } = dataSets;

    /// <summary>Numbers that may be given in place of its own; none unless it says so.</summary>
    public virtual ImmutableArray<ExperimentOption> Options => [];

    /// <summary>Whether its trainings may be computed in another precision than float32.</summary>
    public virtual bool TakesPrecision => false;

    /// <summary>What a scale means here.</summary>
    public abstract ExperimentSize Size(ExperimentScale scale);

    /// <summary>Computes it.</summary>
    /// <exception cref="OperationCanceledException">The context's token was cancelled.</exception>
    /// <exception cref="OccamException">Its data are not there or can't be read.</exception>
    public abstract ExperimentOutcome Run(ExperimentContext context);

    /// <summary>Judges raw runs that were kept: no training, no clock, no chance.</summary>
    /// <param name="file">The file that has them, <c>runs.json</c>.</param>
    /// <returns>The scale that they were computed at, and the verdict on each of <see cref="Claims"/>.</returns>
    /// <exception cref="OccamException">It isn't there, is damaged, or has the runs of another experiment.</exception>
    public abstract (ExperimentScale Scale, ImmutableArray<VerdictBlock> Verdicts) VerdictsOf(string file);
}
