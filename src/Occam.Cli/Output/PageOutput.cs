using Occam.Cli.Running;
using Occam.Lab.Documents;
using Occam.Lab.Reports;

namespace Occam.Cli.Output;

/// <summary>Pages as files.</summary>
internal static class PageOutput
{
    /// <summary>Writes a page with the numbers that it follows from, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="session">Where it is told.</param>
    /// <param name="page">The page.</param>
    /// <param name="document">The numbers, as <c>--json</c> writes them.</param>
    /// <exception cref="OccamException">The file can't be written.</exception>
    public static void Write<T>(string path, Session session, Page page, T document)
    {
        var raw = new RawData($"{Path.GetFileNameWithoutExtension(path)}.json", DocumentJson.Write(document));
        (page with { Blocks = [.. page.Blocks, new Section("Raw data", raw)] }).Write(path);
        session.Note($"wrote {path}");
    }
}
