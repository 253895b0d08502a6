using System.Collections.Immutable;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Contract;

/// <summary>
/// An experiment in three parts that can each be had alone: it computes raw runs, judges the paper's claims from them, and shows them.
/// </summary>
/// <typeparam name="TRuns">The raw runs: plain numbers, so that runs can be made up to test the judges with.</typeparam>
public abstract class Experiment<TRuns>(string id, string title, string paper, string figure, params ImmutableArray<string> dataSets)
    : Experiment(id, title, paper, figure, dataSets)
{
    /// <summary>The paper's claims, each with the function that judges it.</summary>
    public abstract ImmutableArray<Claim<TRuns>> JudgedClaims { get; }

    /// <inheritdoc/>
    public sealed override ImmutableArray<Claim> Claims => [.. JudgedClaims];

    /// <summary>Computes the raw runs.</summary>
    /// <exception cref="OperationCanceledException">The context's token was cancelled.</exception>
    /// <exception cref="OccamException">Its data are not there or can't be read.</exception>
    public abstract TRuns Compute(ExperimentContext context);

    /// <summary>The verdicts on the claims that follow from raw runs; equal runs have equal verdicts.</summary>
    public ImmutableArray<VerdictBlock> Verdicts(TRuns runs, ExperimentScale scale) =>
        ClaimVerdicts.Of([.. JudgedClaims], [.. JudgedClaims.Select(claim => claim.Judge(runs))], scale);

    /// <inheritdoc/>
    public sealed override (ExperimentScale Scale, ImmutableArray<VerdictBlock> Verdicts) VerdictsOf(string file)
    {
        try
        {
            var kept = RawRuns<TRuns>.Read(file, Id);
            return (kept.Scale, Verdicts(kept.Runs, kept.Scale));
        }
        catch (Exception e) when (e is NullReferenceException or ArgumentException or InvalidOperationException
            or IndexOutOfRangeException or KeyNotFoundException)
        {
            // What was judged when it was written isn't there any more: a list is shorter, or holds nothing.
            throw new OccamException($"can't judge the runs of '{file}': they lack what the claims of {Id} are about", e);
        }
    }

    /// <summary>Shows the runs: panels, settings, raw data.</summary>
    /// <param name="context">What they were computed with.</param>
    /// <param name="runs">The raw runs.</param>
    /// <param name="verdicts">The verdicts on the claims, for what is said of them in prose.</param>
    public abstract ExperimentFigure Show(ExperimentContext context, TRuns runs, IReadOnlyList<VerdictBlock> verdicts);

    /// <inheritdoc/>
    public sealed override ExperimentOutcome Run(ExperimentContext context)
    {
        var runs = Compute(context);
        var verdicts = Verdicts(runs, context.Scale);
        return new ExperimentOutcome(Show(context, runs, verdicts), Title, verdicts, new RawRuns<TRuns>(Id, context.Scale, runs).Write());
    }
}
