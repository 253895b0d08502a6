using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Networks.Builders;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// The verdicts of gc-2. Each compares the networks over their depths, by <see cref="Judgement.Ordered"/>; of several pairs
/// of an initialization and an activation every one has to hold. He's initialization with ReLU is not among them: it keeps
/// the second moment, so that the complexity is the same at every depth in expectation.
/// </summary>
internal static class InitializationClaims
{
    private static readonly (string Scheme, string Activation)[] s_others =
    [
        .. from scheme in InitializationTask.Schemes
           from activation in InitializationTask.Activations
           where activation != InitializationTask.Relu || scheme.Id == InitializationScheme.Glorot.Id
           select (scheme.Id, activation),
    ];

    // With ReLU the complexity is the same on every domain.
    private static readonly (string Scheme, string Activation)[] s_farAway =
        [.. s_others.Where(pair => pair.Scheme == InitializationTask.Standard)];

    /// <summary>The pairs that are judged beside the standard initialization with ReLU.</summary>
    public static string NamesOfOthers => string.Join("; ", s_others.Select(Name));

    /// <summary>The pairs that are judged on the larger domain.</summary>
    public static string NamesFarAway => string.Join("; ", s_farAway.Select(Name));

    /// <summary>That a quantity falls with depth.</summary>
    public static VerdictBlock Falls(
        Claim claim, string name, IEnumerable<InitializationRun> runs, Func<InitializationRun, double> quantity, ExperimentScale scale) =>
        Judgement.Ordered(
            claim,
            Trend.Falls,
            name,
            runs.Values(quantity),
            scale);

    /// <summary>That the complexity falls with the other activations and initializations.</summary>
    public static VerdictBlock Others(Claim claim, IReadOnlyList<InitializationRun> runs, ExperimentScale scale) =>
        Every(claim, s_others, runs.Where(run => run.Domain == 1), scale);

    /// <summary>That the complexity falls on the larger domain, with the activations for which it is another one there.</summary>
    public static VerdictBlock FarAway(Claim claim, IReadOnlyList<InitializationRun> runs, ExperimentScale scale) =>
        Every(claim, s_farAway, runs.Where(run => run.Domain > 1), scale);

    private static VerdictBlock Every(
        Claim claim, IEnumerable<(string Scheme, string Activation)> pairs, IEnumerable<InitializationRun> runs, ExperimentScale scale)
    {
        var all = runs.ToLookup(run => (run.Scheme, run.Activation));
        return Judgement.Every(
            claim, [.. pairs.Select(pair => (Name(pair), Falls(claim, "geometric complexity", all[pair], run => run.Complexity, scale)))]);
    }

    private static string Name((string Scheme, string Activation) pair) =>
        $"{InitializationTask.NameOfActivation(pair.Activation)} and {InitializationTask.NameOf(pair.Scheme)}";
}
