using Occam.Lab.Reports;

namespace Occam.Site.Pictures;

/// <summary>The pictures of the concepts, by the names that the pages have for them; computed when the site is built.</summary>
internal static class PictureCatalogue
{
    private static readonly Dictionary<string, Func<Block>> s_pictures = new()
    {
        ["curves"] = TenPoints.Curves,
        ["slopes"] = TenPoints.Slopes,
        ["learning"] = TenPoints.Learning,
        ["rates"] = TenPoints.Rates,
        ["steepness"] = Steepness.Map,
    };

    /// <summary>Draws one.</summary>
    /// <exception cref="OccamException">There is none of that name.</exception>
    public static Block Draw(string name) => s_pictures.TryGetValue(name, out var draw)
        ? draw()
        : throw new OccamException($"there is no picture '{name}': expected {string.Join(", ", s_pictures.Keys)}");
}
