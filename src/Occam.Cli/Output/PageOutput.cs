using Occam.Cli.Running;
using Occam.Lab.Reports;

namespace Occam.Cli.Output;

/// <summary>Pages as files.</summary>
internal static class PageOutput
{
    /// <summary>Writes a page, whole or not at all.</summary>
    /// <exception cref="OccamException">The file can't be written.</exception>
    public static void Write(string path, Session session, Page page)
    {
        page.Write(path);
        session.Note($"wrote {path}");
    }
}
