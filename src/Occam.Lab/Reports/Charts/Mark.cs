using System.Text.Json.Serialization;

namespace Occam.Lab.Reports.Charts;

/// <summary>Something drawn in a chart.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Line), "line")]
[JsonDerivedType(typeof(Dots), "dots")]
[JsonDerivedType(typeof(Crosses), "crosses")]
[JsonDerivedType(typeof(ErrorBand), "band")]
[JsonDerivedType(typeof(ErrorBars), "errors")]
[JsonDerivedType(typeof(HorizontalRule), "horizontal")]
[JsonDerivedType(typeof(VerticalRule), "vertical")]
[JsonDerivedType(typeof(Bars), "bars")]
[JsonDerivedType(typeof(Histogram), "histogram")]
[JsonDerivedType(typeof(HeatMap), "heat")]
[JsonDerivedType(typeof(Polygons), "polygons")]
public abstract record Mark
{
    /// <summary>Its name in the legend and in the data; marks of one name share a colour.</summary>
    public string? Name { get; init; }

    /// <summary>Its colour.</summary>
    public Tone Tone { get; init; }

    /// <summary>Checks that two columns of a mark are equally long.</summary>
    private protected static IReadOnlyList<double> AsLongAs(IReadOnlyList<double> column, int length, string name) =>
        column.Count == length ? column : throw new ArgumentException($"{column.Count} values for {length} points", name);
}
