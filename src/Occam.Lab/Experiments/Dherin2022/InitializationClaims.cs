using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Networks.Builders;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// The claims of gc-2. Each compares the networks over their depths; of several pairs of an initialization and an activation every one has
/// to hold. He's initialization with ReLU is not among them: it keeps the second moment, so that the complexity is the same at every depth
/// in expectation.
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

    /// <summary>The claims.</summary>
    public static ImmutableArray<Claim<ImmutableArray<InitializationRun>>> All { get; } =
    [
        new("mean-output-falls", "With ReLU and the standard initialization the mean output falls with depth.", "§3, Figure 2, left",
            runs => Judge.FallsByFactor("mean |f|", Figure(runs).Values(run => run.Mean.Average()))),
        new("largest-output-falls", "With ReLU and the standard initialization the largest output falls with depth.",
            "§3, Figure 2, middle",
            runs => Judge.FallsByFactor("largest |f|", Figure(runs).Values(run => run.Largest.Max()))),
        new("complexity-falls", "With ReLU and the standard initialization the geometric complexity falls with depth.",
            "§3, Figure 2, right",
            runs => ComplexityFalls(Figure(runs))),
        new("complexity-falls-far-away", "On a much larger domain, too, the geometric complexity falls with depth.", "§3, SM C.1",
            runs => Every(s_farAway, runs.Where(run => run.Domain > 1))),
        new("complexity-falls-otherwise",
            "With other activations and initializations, too, but for ReLU with He’s, the geometric complexity falls with depth.",
            "§3, SM C.1",
            runs => Every(s_others, runs.Where(run => run.Domain == 1))),
    ];

    /// <summary>The networks of Figure 2 itself.</summary>
    public static IEnumerable<InitializationRun> Figure(IEnumerable<InitializationRun> runs) =>
        runs.Where(run => run is { Scheme: InitializationTask.Standard, Activation: InitializationTask.Relu, Domain: 1 });

    private static Finding ComplexityFalls(IEnumerable<InitializationRun> runs) =>
        Judge.FallsByFactor("geometric complexity", runs.Values(run => run.Complexity));

    private static Finding Every(IEnumerable<(string Scheme, string Activation)> pairs, IEnumerable<InitializationRun> runs)
    {
        var all = runs.ToLookup(run => (run.Scheme, run.Activation));
        return Judge.All([.. pairs.Select(pair => (Name(pair), ComplexityFalls(all[pair])))]);
    }

    private static string Name((string Scheme, string Activation) pair) =>
        $"{InitializationTask.NameOfActivation(pair.Activation)} and {InitializationTask.NameOf(pair.Scheme)}";
}
