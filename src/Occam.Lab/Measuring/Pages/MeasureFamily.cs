using Occam.Measures;

namespace Occam.Lab.Measuring.Pages;

/// <summary>Measures of one subject: those of one folder of <c>Occam.Measures</c>.</summary>
internal static class MeasureFamily
{
    private static readonly (string Folder, string Title)[] s_families =
    [
        ("Slope", "Slope of the function by its input"),
        ("Graphs", "Length and volume of its graph"),
        ("Regions", "Linear regions"),
        ("Loss", "Margins and the loss"),
        ("Features", "Features before the last layer"),
        ("Transfer", "From weights to inputs"),
        ("Weights", "Norms of the weights"),
        ("Sharpness", "Sharpness and PAC-Bayes"),
        ("Curvature", "Curvature of the loss"),
        ("Posterior", "Volume of good weights"),
    ];

    /// <summary>What is of measures, family by family in the order of a page.</summary>
    /// <param name="items">What is ordered.</param>
    /// <param name="idOf">The measure's id of each.</param>
    public static IEnumerable<T> InOrder<T>(IEnumerable<T> items, Func<T, string> idOf) =>
        items.OrderBy(item => Array.FindIndex(s_families, family => family.Title == TitleOf(idOf(item))));

    /// <summary>The title of a measure's family; empty where it is of no folder of the library's.</summary>
    public static string TitleOf(string id)
    {
        var folder = MeasureCatalogue.All.TryGetValue(id, out var measure) ? measure.GetType().Namespace!.Split('.')[^1] : "";
        return s_families.FirstOrDefault(family => family.Folder == folder).Title ?? "";
    }
}
