using System.Text.Json.Serialization;
using Occam.Measures;
using Occam.Networks;
using static System.Text.Json.Serialization.JsonIgnoreCondition;

namespace Occam.Lab.Documents;

/// <summary>What a measure found.</summary>
/// <param name="Id">The measure's id.</param>
/// <param name="Parameters">Its parameters that aren't at their defaults, as they are written; absent where all are.</param>
/// <param name="Title">The measure's title.</param>
/// <param name="Value">The quantity of its definition; null where it isn't defined or isn't finite.</param>
/// <param name="StandardError">Of the estimation, not of which examples were taken; 0 where exact, null where none is known.</param>
/// <param name="Exact">Whether the value is exact up to rounding: not estimated by sampling, iterated or searched for.</param>
/// <param name="Interval95">The 95 % interval of the estimate; absent where exact or no error is known.</param>
/// <param name="Residual">How far an iterated value may be from what it converges to; absent otherwise.</param>
/// <param name="Bound">On which side of what is meant the value lies for certain; absent where it isn't a bound.</param>
/// <param name="Source">Paper and equation.</param>
/// <param name="Details">Further numbers by name; docs/measures.md says what they mean.</param>
/// <param name="Layers">The quantity by layer, where that makes sense.</param>
/// <param name="Skipped">The nodes that the value leaves out, and why.</param>
/// <param name="Notes">What a reader must know.</param>
/// <param name="PerExample">The quantity by example, in the order of the data; absent unless asked for.</param>
/// <param name="Curve">A curve that the value is read from, or that says more than it; absent where there is none.</param>
/// <param name="NotApplicable">Why there is no value; absent where there is one.</param>
public sealed record ResultEntry(
    string Id,
    [property: JsonIgnore(Condition = WhenWritingNull)] OrderedDictionary<string, string>? Parameters,
    string Title,
    double? Value,
    double StandardError,
    bool Exact,
    [property: JsonIgnore(Condition = WhenWritingNull)] IReadOnlyList<double>? Interval95,
    [property: JsonIgnore(Condition = WhenWritingNull)] double? Residual,
    [property: JsonIgnore(Condition = WhenWritingNull)] BoundSide? Bound,
    string Source,
    OrderedDictionary<string, double> Details,
    IReadOnlyList<ResultEntry.LayerEntry> Layers,
    IReadOnlyList<SkippedNode> Skipped,
    IReadOnlyList<string> Notes,
    [property: JsonIgnore(Condition = WhenWritingNull)] IReadOnlyList<double>? PerExample,
    [property: JsonIgnore(Condition = WhenWritingNull)] ResultEntry.CurveEntry? Curve,
    [property: JsonIgnore(Condition = WhenWritingNull)] string? NotApplicable)
{
    internal static ResultEntry Of(MeasureResult result, bool perExample) => new(
        result.Id,
        ParametersOf(result),
        result.Title,
        result.Value,
        result.StandardError,
        result.Exact,
        Ends(result.Quantity?.Interval95),
        result.Quantity?.Residual,
        result.Quantity?.Side,
        result.Source,
        new(result.NamedDetails),
        [.. result.Layers.Select(LayerEntry.Of)],
        result.Skipped,
        result.Notes,
        perExample && !result.PerExample.IsDefaultOrEmpty ? result.PerExample : null,
        CurveEntry.From(result.Curve),
        result.NotApplicable);

    /// <summary>The parameters of a measure that aren't at their defaults; null where all are.</summary>
    internal static OrderedDictionary<string, string>? ParametersOf(MeasureResult result) =>
        result.Parameters.IsEmpty ? null : new(result.Parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Text)));

    private static double[]? Ends(Interval? interval) => interval is { } ends ? [ends.Low, ends.High] : null;

    /// <summary>A quantity at one layer.</summary>
    /// <param name="Name">The layer's node.</param>
    /// <param name="Value">The quantity.</param>
    /// <param name="StandardError">Its standard error; absent where it is exact or none is known.</param>
    /// <param name="Interval95">Its 95 % interval; absent where it is exact or no error is known.</param>
    /// <param name="Residual">How far an iterated value may be from what it converges to; absent otherwise.</param>
    public sealed record LayerEntry(
        string Name,
        double Value,
        [property: JsonIgnore(Condition = WhenWritingNull)] double? StandardError,
        [property: JsonIgnore(Condition = WhenWritingNull)] IReadOnlyList<double>? Interval95,
        [property: JsonIgnore(Condition = WhenWritingNull)] double? Residual)
    {
        internal static LayerEntry Of(LayerValue layer) => new(
            layer.Name, layer.Value, layer.Quantity.IsExact || !double.IsFinite(layer.StandardError) ? null : layer.StandardError,
            Ends(layer.Quantity.Interval95), layer.Quantity.Residual);
    }

    /// <summary>A quantity along another one.</summary>
    /// <param name="Along">What runs along.</param>
    /// <param name="Of">What was found.</param>
    /// <param name="X">Where, ascending.</param>
    /// <param name="Y">What was found there.</param>
    /// <param name="StandardErrors">Its standard errors there.</param>
    public sealed record CurveEntry(
        string Along, string Of, IReadOnlyList<double> X, IReadOnlyList<double> Y, IReadOnlyList<double> StandardErrors)
    {
        internal static CurveEntry? From(MeasureCurve? curve) => curve is null ? null : new(
            curve.Along, curve.Of, curve.X, [.. curve.Y.Select(each => each.Value)], [.. curve.Y.Select(each => each.StandardError)]);
    }
}
