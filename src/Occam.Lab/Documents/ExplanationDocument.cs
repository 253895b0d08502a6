using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Occam.Lab.Explaining;
using Occam.Lab.Runs.Store;
using Occam.Training;
using static System.Text.Json.Serialization.JsonIgnoreCondition;

namespace Occam.Lab.Documents;

/// <summary>What <c>occam explain --json</c> writes.</summary>
/// <param name="Occam">The version of Occam.</param>
/// <param name="Run">The run's folder.</param>
/// <param name="State">How the run stands.</param>
/// <param name="Steps">Steps taken.</param>
/// <param name="Parameters">How many numbers training changes.</param>
/// <param name="Findings">What it comes to, in the sentences of the terminal.</param>
/// <param name="Growth">What was recorded on the way, metric by metric.</param>
/// <param name="Place">Where the complexity sits; absent where the data can't be had.</param>
/// <param name="Mechanisms">What held it down; absent where the data can't be had, or the derivatives don't exist.</param>
/// <param name="Comparison">The other runs of the store; absent where complexity couldn't be measured.</param>
/// <param name="OpenQuestions">What could not be determined, and why.</param>
public sealed record ExplanationDocument(
    string Occam,
    string Run,
    RunState State,
    long Steps,
    long Parameters,
    IReadOnlyList<string> Findings,
    IReadOnlyList<ExplanationDocument.SeriesEntry> Growth,
    [property: JsonIgnore(Condition = WhenWritingNull)] ExplanationDocument.PlacementEntry? Place,
    [property: JsonIgnore(Condition = WhenWritingNull)] ExplanationDocument.MechanismsEntry? Mechanisms,
    [property: JsonIgnore(Condition = WhenWritingNull)] ExplanationDocument.RunComparisonEntry? Comparison,
    [property: JsonPropertyName("untold")] IReadOnlyList<OpenQuestion> OpenQuestions)
{
    /// <summary>The document of an explanation.</summary>
    public static ExplanationDocument Of(Explanation explanation) => new(
        RunEnvironment.Version,
        explanation.Run.FolderPath,
        explanation.Status.State,
        explanation.Status.Step,
        explanation.Parameters,
        [.. Explaining.Findings.Of(explanation)],
        [.. explanation.Growth.SelectMany(family => family.Series).Select(SeriesEntry.Of)],
        explanation.Place is { } place ? PlacementEntry.Of(place) : null,
        explanation.Mechanisms is { } mechanisms ? MechanismsEntry.Of(mechanisms) : null,
        explanation.Comparison is { } comparison ? RunComparisonEntry.Of(comparison) : null,
        explanation.OpenQuestions);

    /// <summary>A metric over the steps.</summary>
    /// <param name="Name">The metric.</param>
    /// <param name="Points">Its values, in the order of the steps.</param>
    public sealed record SeriesEntry(string Name, IReadOnlyList<PointEntry> Points)
    {
        internal static SeriesEntry Of(KeyValuePair<string, ImmutableArray<Metric>> series) =>
            new(series.Key, [.. series.Value.Select(metric => new PointEntry(metric.Step, metric.Value, metric.StandardError))]);
    }

    /// <summary>A metric at a step.</summary>
    /// <param name="Step">Steps taken.</param>
    /// <param name="Value">The number.</param>
    /// <param name="StandardError">Its standard error; 0 where it is exact.</param>
    public sealed record PointEntry(long Step, double Value, double StandardError);

    /// <summary>Where the geometric complexity sits.</summary>
    /// <param name="Data">The examples that it was measured on, in a line.</param>
    /// <param name="Complexity">The geometric complexity, by layer and by example.</param>
    /// <param name="Initial">That of the network before its first step.</param>
    /// <param name="Best">That of the network at its best moment; null where none is kept.</param>
    /// <param name="Classes">By class; empty without classes.</param>
    /// <param name="Most">The examples where the function is steepest, the steepest first.</param>
    /// <param name="Least">The examples where it is flattest, the flattest first.</param>
    public sealed record PlacementEntry(
        string Data,
        ResultEntry Complexity,
        double? Initial,
        double? Best,
        IReadOnlyList<ClassComplexity> Classes,
        IReadOnlyList<ExampleComplexity> Most,
        IReadOnlyList<ExampleComplexity> Least)
    {
        internal static PlacementEntry Of(Placement place) => new(
            place.Data,
            ResultEntry.Of(place.Complexity, perExample: true),
            place.Initial.Value,
            place.Best?.Value,
            place.Classes,
            place.Most,
            place.Least);
    }

    /// <summary>What pulls on the parameters, and what that does to the geometric complexity.</summary>
    /// <param name="LearningRate">The learning rate.</param>
    /// <param name="LastLearningRate">That of the last step, after its schedule.</param>
    /// <param name="Batch">Examples of a batch.</param>
    /// <param name="Batches">How many batches were weighed.</param>
    /// <param name="BatchIsWhole">Whether a batch is all of the data: then batches differ only by what is random in a step.</param>
    /// <param name="Complexity">The geometric complexity of the batches.</param>
    /// <param name="Pulls">The loss first, then the learning rate's implicit regularization, then what the configuration adds.</param>
    /// <param name="Implicit">The terms of implicit gradient regularization; absent where they aren't defined.</param>
    /// <param name="WithoutGradient">What else acted, without a gradient that could be weighed.</param>
    /// <param name="Notes">What has to be known of the numbers.</param>
    public sealed record MechanismsEntry(
        double LearningRate,
        double LastLearningRate,
        int Batch,
        int Batches,
        bool BatchIsWhole,
        Uncertain Complexity,
        IReadOnlyList<PullEntry> Pulls,
        [property: JsonIgnore(Condition = WhenWritingNull)] ImplicitTerms? Implicit,
        IReadOnlyList<string> WithoutGradient,
        IReadOnlyList<string> Notes)
    {
        internal static MechanismsEntry Of(Mechanisms mechanisms) => new(
            mechanisms.LearningRate,
            mechanisms.LastLearningRate,
            mechanisms.Batch,
            mechanisms.Batches,
            mechanisms.IsWhole,
            mechanisms.Complexity,
            [.. mechanisms.Pulls.Select(pull => PullEntry.Of(pull, mechanisms.ShareOf(pull)))],
            mechanisms.Implicit,
            mechanisms.WithoutGradient,
            mechanisms.Notes);
    }

    /// <summary>Something that pulls on the parameters in a step.</summary>
    /// <param name="Name">What it is.</param>
    /// <param name="Strength">The factor on its value.</param>
    /// <param name="Value">Its value, without the strength.</param>
    /// <param name="Norm">‖strength · ∇_θ value‖.</param>
    /// <param name="Share">The norm's share of the sum of all norms, from 0 to 1.</param>
    /// <param name="Effect">
    /// The first-order change of geometric complexity in a plain gradient step; negative where it holds complexity down.
    /// </param>
    public sealed record PullEntry(string Name, double Strength, Uncertain Value, Uncertain Norm, double Share, Uncertain Effect)
    {
        internal static PullEntry Of(Pull pull, double share) => new(pull.Name, pull.Strength, pull.Value, pull.Norm, share, pull.Effect);
    }

    /// <summary>The run among the others of its store, all measured on the same examples.</summary>
    /// <param name="Outcome">What is compared with complexity: <c>test error</c>, <c>test loss</c> or <c>training loss</c>.</param>
    /// <param name="Examples">How many examples complexity was measured on.</param>
    /// <param name="PlaceByComplexity">The place of this run by complexity, from 1 for the simplest.</param>
    /// <param name="PlaceByOutcome">The place of this run by outcome, from 1 for the best.</param>
    /// <param name="RankCorrelation">Kendall's τ between complexity and outcome; absent for fewer than five runs.</param>
    /// <param name="Runs">The runs, this one among them.</param>
    public sealed record RunComparisonEntry(
        string Outcome,
        int Examples,
        int PlaceByComplexity,
        int PlaceByOutcome,
        [property: JsonIgnore(Condition = WhenWritingNull)] Uncertain? RankCorrelation,
        IReadOnlyList<ComparedRun> Runs)
    {
        internal static RunComparisonEntry Of(RunComparison comparison) => new(
            comparison.Outcome,
            comparison.Examples,
            comparison.PlaceByComplexity,
            comparison.PlaceByOutcome,
            comparison.RankCorrelation,
            comparison.Runs);
    }
}
