using System.Text.Json.Serialization;
using Occam.Data;
using Occam.Lab.Measuring;
using static System.Text.Json.Serialization.JsonIgnoreCondition;

namespace Occam.Lab.Documents;

/// <summary>What <c>occam compare --json</c> writes.</summary>
/// <param name="Occam">The version of Occam.</param>
/// <param name="A">The network with which is compared.</param>
/// <param name="B">The network that is judged.</param>
/// <param name="Data">The examples.</param>
/// <param name="Measures">Measure by measure, both results and how they differ.</param>
/// <param name="Conditions">What became of the conditions of <c>--fail-if</c>.</param>
public sealed record ComparisonDocument(
    string Occam,
    NetworkEntry A,
    NetworkEntry B,
    DataEntry Data,
    IReadOnlyList<ComparisonDocument.DifferenceEntry> Measures,
    IReadOnlyList<ComparisonDocument.ConditionEntry> Conditions)
{
    /// <summary>The document of a comparison.</summary>
    public static ComparisonDocument Of(
        Comparison comparison, IEnumerable<Condition.Decision> decisions, DataOptions options, bool perExample) => new(
        RunEnvironment.Version,
        NetworkEntry.Of(comparison.A),
        NetworkEntry.Of(comparison.B),
        DataEntry.Of(comparison.A.Data, options),
        [.. comparison.Measures.Select(measure => DifferenceEntry.Of(measure, perExample))],
        [.. decisions.Select(decision => new ConditionEntry(decision.Condition.Text, decision.Value, decision.Bound, decision.Holds))]);

    /// <summary>One measure of both networks.</summary>
    /// <param name="Id">The measure's id.</param>
    /// <param name="Parameters">Its parameters that aren't at their defaults, as they are written; absent where all are.</param>
    /// <param name="Title">The measure's title.</param>
    /// <param name="Source">Paper and equation.</param>
    /// <param name="Difference">B − A; null where either has no value.</param>
    /// <param name="StandardError">The standard error of the difference; 0 where it is exact, null where none is known.</param>
    /// <param name="Residual">How far the iterated values may be off together; absent otherwise.</param>
    /// <param name="Basis">What the difference is held against.</param>
    /// <param name="Ratio">B / A; null where either has no value.</param>
    /// <param name="Exceeds">
    /// Whether the difference is more than twice its standard error, or than its residual, either way; false where no error is known.
    /// </param>
    /// <param name="NotApplicable">Why there is nothing to compare; absent where there is.</param>
    /// <param name="A">The result for A.</param>
    /// <param name="B">The result for B.</param>
    public sealed record DifferenceEntry(
        string Id,
        [property: JsonIgnore(Condition = WhenWritingNull)] OrderedDictionary<string, string>? Parameters,
        string Title,
        string Source,
        double? Difference,
        double StandardError,
        [property: JsonIgnore(Condition = WhenWritingNull)] double? Residual,
        ErrorBasis Basis,
        double? Ratio,
        bool Exceeds,
        [property: JsonIgnore(Condition = WhenWritingNull)] string? NotApplicable,
        ResultEntry A,
        ResultEntry B)
    {
        internal static DifferenceEntry Of(MeasureComparison measure, bool perExample) => new(
            measure.A.Id,
            ResultEntry.ParametersOf(measure.A),
            measure.A.Title,
            measure.A.Source,
            measure.Difference.Value,
            measure.Difference.StandardError,
            measure.Difference.Residual,
            measure.Basis,
            measure.Ratio,
            measure.Exceeds,
            measure.NotApplicable,
            ResultEntry.Of(measure.A, perExample),
            ResultEntry.Of(measure.B, perExample));
    }

    /// <summary>What became of a condition.</summary>
    /// <param name="Condition">The condition as it was written.</param>
    /// <param name="Value">The number that B has.</param>
    /// <param name="Bound">The number that it was held against.</param>
    /// <param name="Holds">Whether the condition holds.</param>
    public sealed record ConditionEntry(string Condition, double Value, double Bound, bool Holds);
}
