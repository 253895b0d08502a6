using System.Collections.Immutable;
using Occam.Networks;

namespace Occam.Measures;

/// <summary>What a measure found, with how far it can be trusted.</summary>
public sealed record MeasureResult
{
    /// <summary>The measure's id.</summary>
    public required string Id { get; init; }

    /// <summary>The measure's parameters that aren't at their defaults.</summary>
    public ImmutableArray<MeasureParameter> Parameters { get; init; } = [];

    /// <summary>The id, and in parentheses the parameters that aren't at their defaults.</summary>
    public string Name => Measure.NameOf(Id, Parameters);

    /// <summary>The measure's title.</summary>
    public required string Title { get; init; }

    /// <summary>What the value of one example is called: the title without how values are summed up.</summary>
    internal string ExampleTitle => Title.Replace(", mean", "").Replace(", 5th percentile", "");

    /// <summary>Paper and equation.</summary>
    public required string Source { get; init; }

    /// <summary>
    /// The quantity itself, with its standard error; null when it isn't defined here, and then <see cref="NotApplicable"/> says why.
    /// </summary>
    public Uncertain? Quantity
    {
        get;
        init => field = value?.UnknownIfAlike();
    }

    /// <summary>The value of <see cref="Quantity"/>. Setting it says that it is exact.</summary>
    public double? Value
    {
        get => Quantity?.Value;
        init => Quantity = value;
    }

    /// <summary>
    /// The standard error of <see cref="Quantity"/>: 0 where it is exact, NaN where none is known or there is no quantity.
    /// </summary>
    public double StandardError => Quantity?.StandardError ?? double.NaN;

    /// <summary>
    /// Whether <see cref="Quantity"/> is exact up to rounding: neither estimated by sampling, nor the end of an iteration or a search.
    /// </summary>
    public bool Exact => Quantity?.IsExact ?? false;

    /// <summary>
    /// The <em>standard error over the examples</em> of a value that is a mean over them (<see cref="Uncertain"/> says what that is); null
    /// where the measure doesn't give it. Among the details of files it is <c>samplingError</c>.
    /// </summary>
    public double? StandardErrorOverExamples { get; init; }

    /// <summary>Further numbers by name, in the order of their making.</summary>
    public ImmutableArray<KeyValuePair<string, double>> Details { get; init; } = [];

    /// <summary>
    /// The details as files and conditions name them: <see cref="StandardErrorOverExamples"/> first, then <see cref="Details"/>.
    /// </summary>
    public IEnumerable<KeyValuePair<string, double>> NamedDetails =>
        StandardErrorOverExamples is { } error ? Details.Prepend(new("samplingError", error)) : Details;

    /// <summary>The quantity by layer, where that makes sense.</summary>
    public ImmutableArray<LayerValue> Layers { get; init; } = [];

    /// <summary>What was left out, and why.</summary>
    public ImmutableArray<SkippedNode> Skipped { get; init; } = [];

    /// <summary>What a reader must know: conventions, rewrites, choices made.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>The quantity by example, where there is such a thing; the value need not be its mean.</summary>
    public ImmutableArray<double> PerExample { get; init; } = [];

    /// <summary>Whether the value is the mean of <see cref="PerExample"/>: then two networks are compared example by example.</summary>
    public bool IsMeanOfExamples { get; init; }

    /// <summary>A curve that the value is read from, or that says more than it; null where there is none.</summary>
    public MeasureCurve? Curve { get; init; }

    /// <summary>
    /// Which quantile of <see cref="PerExample"/> the value is (R's type 7), as 0.05 for the 5th percentile; null where it is none.
    /// </summary>
    public double? QuantileOfExamples { get; init; }

    /// <summary>Why there is no value.</summary>
    public string? NotApplicable { get; init; }

    /// <summary>How long it took, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>The same with a mean over the examples as its quantity, and with how it was estimated as notes.</summary>
    internal MeasureResult WithMean(SampledMean mean) => this with
    {
        Quantity = mean.Mean,
        StandardErrorOverExamples = mean.StandardErrorOverExamples,
        PerExample = mean.PerExample,
        IsMeanOfExamples = true,
        Notes = mean.Notes,
    };

    /// <summary>A further number by name, of <see cref="NamedDetails"/>.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public double Detail(string name)
    {
        foreach (var (key, value) in NamedDetails)
        {
            if (key == name)
            {
                return value;
            }
        }

        throw new KeyNotFoundException($"{Name} has no detail '{name}'");
    }
}
