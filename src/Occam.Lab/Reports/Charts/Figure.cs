using System.Text.Json;
using System.Text.Json.Serialization;
using Occam.Lab.Text;

namespace Occam.Lab.Reports.Charts;

/// <summary>What charts, grids of charts and animations have in common: axes, marks, and how they become a figure of the page.</summary>
public abstract record Figure(RichText Title, Axis X, Axis Y) : Block
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new FiniteOrNull(), new FiniteFloatOrNull() },
    };

    /// <summary>What the reader sees, in a sentence or two.</summary>
    public RichText? Caption { get; init; }

    /// <summary>The quantity that colours marks, where they have one.</summary>
    public ShadeScale? Shade { get; init; }

    /// <summary>Whether its colours are named above it; not where a <see cref="Legend"/> names those of several charts.</summary>
    public bool ShowsLegend { get; init; } = true;

    /// <summary>Width by height; chosen by the page when null.</summary>
    public double? AspectRatio { get; init; }

    private protected abstract string Layout { get; }

    private protected abstract IReadOnlyList<Panel> ShownPanels { get; }

    /// <summary>Panels in a row where the page is wide enough.</summary>
    private protected virtual int ShownColumns => 1;

    /// <summary>Marks that every panel shows.</summary>
    private protected virtual IReadOnlyList<Mark> ShownAlways => [];

    internal override void Render(HtmlBuilder html)
    {
        CheckCategories();
        var id = html.FreshId("figure");
        // The serializer's default encoder escapes <, > and &, so that no string ends the script.
        var data = JsonSerializer.Serialize(
            new
            {
                Layout,
                X,
                Y,
                Shade,
                Aspect = AspectRatio,
                Columns = ShownColumns,
                Always = ShownAlways,
                Panels = ShownPanels,
                Legend = ShowsLegend,
            },
            Options);
        html.Raw($"<figure class=\"figure\" id=\"{id}\" aria-labelledby=\"{id}-title\">")
            .Element("h3", Title, $"id=\"{id}-title\"")
            .Raw("<div class=\"legend\"></div><div class=\"plots\"></div>")
            .Raw("<noscript><p>The chart is drawn by a script that this page carries; allow scripts to see it.</p></noscript>");
        if (Caption is { } caption)
        {
            html.Element("figcaption", caption);
        }
        html.Raw("<details class=\"raw\"><summary>Data</summary></details>")
            .Raw($"<script type=\"application/json\">{data}</script></figure>");
    }

    private void CheckCategories()
    {
        var categories = (X.Scale == Scale.Category ? 1 : 0) + (Y.Scale == Scale.Category ? 1 : 0);
        foreach (var mark in ShownAlways.Concat(ShownPanels.SelectMany(panel => panel.Marks)))
        {
            var fits = mark switch
            {
                Bars => categories == 1,
                HorizontalRule => Y.Scale != Scale.Category,
                VerticalRule => X.Scale != Scale.Category,
                _ => categories == 0,
            };
            if (!fits)
            {
                throw new InvalidOperationException(
                    $"{mark.GetType().Name} does not fit axes of {X.Scale} and {Y.Scale}: bars stand along one category axis, and "
                        + "nothing else does");
            }
        }
    }

    private sealed class FiniteFloatOrNull : JsonConverter<float>
    {
        public override float Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? float.NaN : reader.GetSingle();

        public override void Write(Utf8JsonWriter writer, float value, JsonSerializerOptions options)
        {
            if (float.IsFinite(value))
            {
                writer.WriteNumberValue(value);
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }
}
