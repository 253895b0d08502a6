using Occam.Lab.Runs.Configuration;
using Occam.Measures;

namespace Occam.Lab.Documents;

/// <summary>What <c>occam measures --json</c> writes.</summary>
/// <param name="Occam">The version of Occam.</param>
/// <param name="Measures">The measures asked for, by id.</param>
public sealed record MeasureCatalogueDocument(string Occam, IReadOnlyList<MeasureCatalogueDocument.DescriptionEntry> Measures)
{
    /// <summary>The document of measures.</summary>
    /// <param name="measures">The measures.</param>
    /// <param name="moves">What is known to raise and lower a measure, by its id.</param>
    public static MeasureCatalogueDocument Of(IEnumerable<Measure> measures, Func<string, IReadOnlyList<string>> moves) =>
        new(RunEnvironment.Version, [.. measures.Select(measure => DescriptionEntry.Of(measure, moves(measure.Id)))]);

    /// <summary>What a measure needs, in words.</summary>
    public static IEnumerable<string> NeedsOf(Measure measure) => Enum.GetValues<MeasureNeeds>()
        .Where(need => need != MeasureNeeds.None && measure.Needs.HasFlag(need))
        .Select(Words)
        .DefaultIfEmpty("nothing more");

    /// <summary>A need in words.</summary>
    internal static string Words(MeasureNeeds need) => need switch
    {
        MeasureNeeds.Data => "data",
        MeasureNeeds.Labels => "class labels",
        MeasureNeeds.Graph => "the graph (ONNX)",
        MeasureNeeds.PiecewiseLinear => "piecewise linear",
        MeasureNeeds.OneOutput => "one output",
        MeasureNeeds.OneInput => "one input",
        MeasureNeeds.FewInputs => "at most 3 inputs",
        MeasureNeeds.Initial => "the weights at initialization",
        MeasureNeeds.Derivative => "a derivative by the input",
        MeasureNeeds.Between => "points between examples",
        MeasureNeeds.WeightDerivative => "a derivative by the weights",
        _ => throw new ArgumentOutOfRangeException(nameof(need), need, "a need without words"),
    };

    /// <summary>A measure.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="Title">Its title.</param>
    /// <param name="Meaning">What it says of a network, in a sentence.</param>
    /// <param name="Definition">Its definition in a line.</param>
    /// <param name="Source">Paper and equation.</param>
    /// <param name="Needs">What it can't do without.</param>
    /// <param name="InDefaultSet">Whether it is measured when no measures are named.</param>
    /// <param name="Parameters">Its parameters.</param>
    /// <param name="Moves">What raises and lowers it: the papers' claims about it, each with the verdict recorded in Occam.</param>
    public sealed record DescriptionEntry(
        string Id,
        string Title,
        string Meaning,
        string Definition,
        string Source,
        IReadOnlyList<string> Needs,
        bool InDefaultSet,
        IReadOnlyList<MeasureParameterText> Parameters,
        IReadOnlyList<string> Moves)
    {
        internal static DescriptionEntry Of(Measure measure, IReadOnlyList<string> moves) => new(
            measure.Id, measure.Title, measure.Meaning, measure.Definition.ToString(), measure.Source, [.. NeedsOf(measure)],
            measure.InDefaultSet, ConfigurationReference.ParametersOf(measure), moves);
    }
}
