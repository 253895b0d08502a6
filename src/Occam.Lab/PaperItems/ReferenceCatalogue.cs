using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Runs.Configuration;
using Occam.Lab.Runs.Data;
using Occam.Lab.Runs.Networks;
using Occam.Measures;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Theory;
using Occam.Training;

namespace Occam.Lab.PaperItems;

/// <summary>A catalogue that items of papers refer to.</summary>
/// <param name="Kind">What a thing in it is called in references.</param>
/// <param name="Names">The names that there are.</param>
/// <param name="Lists">What lists them, for messages.</param>
internal sealed record ReferenceCatalogue(string Kind, ImmutableSortedSet<string> Names, string Lists)
{
    internal const string Claim = "claim";
    internal const string Figure = "figure";
    internal const string Theorem = "theorem";
    internal const string Measure = "measure";
    private const string Reference = "'occam init --reference' lists all";

    /// <summary>All catalogues, by what a thing in them is called.</summary>
    public static ImmutableSortedDictionary<string, ReferenceCatalogue> All { get; } = new[]
    {
        Of(Claim, ExperimentCatalogue.All.Values.SelectMany(ClaimsOf), "'occam reproduce --list' lists the figures and their claims"),
        Of(Figure, ExperimentCatalogue.All.Keys, "'occam reproduce --list' lists all"),
        Of(Theorem, TheoremCatalogue.All.Keys, "'occam verify --list' lists all"),
        Of(Measure, MeasureCatalogue.All.Keys, "'occam measures' lists all"),
        Of("operator", OperatorCatalogue.Supported, "docs/operators.md lists all"),
        Of("initialization", InitializationScheme.All.Select(scheme => scheme.Id), Reference),
        Of("setting", ConfigurationShape.Of(typeof(RunConfiguration)).Keys.Select(key => key.Name), Reference),
        Of<Regularizer>("regularizer"),
        Of<Loss>("loss"),
        Of<Optimizer>("optimizer"),
        Of<Schedule>("schedule"),
        Of<NetworkRecipe>("network"),
        Of<DataRecipe>("data"),
    }.ToImmutableSortedDictionary(catalogue => catalogue.Kind, catalogue => catalogue, StringComparer.Ordinal);

    /// <summary>The name of a claim among all claims, as <c>figure/claim</c>.</summary>
    public static string NameOf(Experiment experiment, Claim claim) => $"{experiment.Id}/{claim.Id}";

    private static IEnumerable<string> ClaimsOf(Experiment experiment) =>
        experiment.Claims.Where(claim => claim.Id.Length > 0).Select(claim => NameOf(experiment, claim));

    private static ReferenceCatalogue Of<TFamily>(string kind) =>
        Of(kind, ConfigurationShape.Members(typeof(TFamily)).Keys, Reference);

    private static ReferenceCatalogue Of(string kind, IEnumerable<string> names, string lists) =>
        new(kind, names.ToImmutableSortedSet(StringComparer.Ordinal), lists);
}
