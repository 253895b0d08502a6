using System.Collections.Immutable;
using Occam.Data;
using Occam.Lab.Measuring;
using Occam.Lab.Significance;
using Occam.Measures;
using Occam.Measures.Loss;
using Occam.Measures.Slope;

namespace Occam.Lab.Auditing;

/// <summary>
/// Which examples of its data a network finds hard: mislabelled, odd, or learned by heart. Measures that have a number by example rank
/// them.
/// </summary>
/// <param name="Measured">What was measured.</param>
/// <param name="Scores">The rankings.</param>
/// <param name="Mislabelled">Which examples are known to be labelled wrongly; null where that isn't known.</param>
public sealed record DataAudit(MeasuredNetwork Measured, ImmutableArray<AuditScore> Scores, ImmutableArray<bool>? Mislabelled)
{
    /// <summary>
    /// What ranks examples where nothing else is asked for: the loss and the margin, which any program has; the squared norm of the loss's
    /// gradient by the weights; the squared norm of the function's Jacobian; and how the loss bends with the input (Garg et al. 2024).
    /// </summary>
    public static ImmutableArray<Measure> Measures { get; } =
        [new MeanLoss(), new Margin(), new LossSlope(), new GeometricComplexity(), new InputLossCurvature()];

    /// <summary>The name of the score by how often an example was forgotten.</summary>
    public const string Forgotten = "forgetting";

    /// <summary>Pairs of examples that are nearly the same, the nearest first; null where they weren't looked for.</summary>
    public ImmutableArray<DuplicatePair>? Duplicates { get; init; }

    /// <summary>Ranks the examples by what was measured.</summary>
    /// <param name="measured">What was measured.</param>
    /// <param name="clean">The same examples with the right labels, in the same order, where they are known.</param>
    /// <param name="along">
    /// The same network at earlier moments of its training, in their order, measured on the same examples: how often each was forgotten
    /// becomes a score.
    /// </param>
    /// <exception cref="OccamException">Nothing has a number by example, or the clean data are of other examples.</exception>
    public static DataAudit Of(MeasuredNetwork measured, DataSet? clean = null, IReadOnlyList<MeasuredNetwork>? along = null)
    {
        var wrong = clean is null ? null : Differing(measured.Data, clean);
        ImmutableArray<AuditScore> scores =
        [
            .. measured.Results.Where(result => result.PerExample.Length == measured.Data.Count).Select(result =>
            {
                var isLow = result.Id == "margin";
                ImmutableArray<double> values = isLow ? [.. result.PerExample.Select(value => -value)] : result.PerExample;
                return new AuditScore(
                    isLow ? $"-{result.Name}" : result.Name, result.Title, values, wrong is null ? null : AreaUnderCurve.Of(values, wrong));
            }),
            .. along is null or [] ? Array.Empty<AuditScore>() : [Forgetfulness([.. along, measured], wrong)],
        ];
        return scores.IsEmpty
            ? throw new OccamException("nothing that was measured has a number by example: name measures that have, such as loss or margin")
            : new DataAudit(measured, scores, wrong is null ? null : [.. wrong]);
    }

    /// <summary>The score of this name.</summary>
    /// <param name="name">With or without its minus.</param>
    /// <exception cref="OccamException">There is no such score.</exception>
    public AuditScore Find(string name) => Scores.FirstOrDefault(score => score.Name == name || score.Name == $"-{name}")
        ?? throw new OccamException(
            $"the examples aren't ranked by '{name}'{Nearest.Hint(name, Scores.Select(score => score.Name))} "
                + $"There are {string.Join(", ", Scores.Select(score => score.Name))}");

    /// <summary>The examples' numbers in the order of a score, first the highest.</summary>
    /// <param name="name">The score's name, with or without its minus.</param>
    /// <exception cref="OccamException">There is no such score.</exception>
    public ImmutableArray<int> Ranked(string name)
    {
        var score = Find(name);
        return [.. Enumerable.Range(0, score.Values.Length).OrderByDescending(i => score.Values[i])];
    }

    /// <summary>What there is to say of the examples that stand out most by a score, first the highest.</summary>
    /// <param name="name">The score's name, with or without its minus.</param>
    /// <param name="top">How many of them.</param>
    /// <exception cref="OccamException">There is no such score.</exception>
    public ImmutableArray<AuditedExample> Foremost(string name, int top)
    {
        int[] examples = [.. Ranked(name).Take(top)];
        var (data, places) = (Measured.Data, Scores.Select(score => score.Places).ToArray());
        var taken = data.Labels is null ? null : ChosenClass.Of(Measured.Context, examples);
        return
        [
            .. examples.Select((example, at) => new AuditedExample(
                example, data.IndexInWhole(example), data.Labels?[example], taken?[at], Mislabelled?[example],
                [.. Scores.Select(score => score.Values[example])], [.. places.Select(place => place[example])])),
        ];
    }

    private static AuditScore Forgetfulness(IReadOnlyList<MeasuredNetwork> moments, bool[]? wrong)
    {
        var counts = Forgetting.Counts([.. moments.Select(Correct)]);
        return new AuditScore(
            Forgotten, $"Times forgotten over {moments.Count} networks", counts, wrong is null ? null : AreaUnderCurve.Of(counts, wrong));
    }

    private static bool[] Correct(MeasuredNetwork moment)
    {
        var margin = moment.Find("margin") ?? new Margin().Measurement(moment.Context);
        return margin.PerExample.IsEmpty
            ? throw new OccamException($"what {moment.Name} forgets can't be counted: the margin {margin.NotApplicable}")
            : [.. margin.PerExample.Select(value => value > 0)];
    }

    private static bool[] Differing(DataSet data, DataSet clean)
    {
        if (clean.Count != data.Count || clean.Labels is null || data.Labels is null)
        {
            throw new OccamException(clean.Count != data.Count
                ? $"the clean data have {clean.Count} examples, and those audited {data.Count}: give the same examples in the same order"
                : "to know which labels are wrong, both the clean data and those audited need class labels");
        }

        return [.. data.Labels.Zip(clean.Labels, (own, right) => own != right)];
    }
}
