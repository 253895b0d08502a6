using System.Reflection;

namespace Occam.Lab.Reports;

/// <summary>The page's bundled script and style.</summary>
internal static class PageAssets
{
    public static string Script => Read("page.js");

    public static string Style => Read("page.css");

    private static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"Occam.Lab was built without {name}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
