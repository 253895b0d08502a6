using System.Text;
using Occam.Cli.Running;
using Occam.Lab.Documents;

namespace Occam.Cli.Output;

/// <summary>JSON for people and programs.</summary>
public static class JsonOutput
{
    /// <summary>Where <c>--json</c> without a file goes.</summary>
    public const string StandardOutput = "-";

    /// <summary>Writes a document to a file, whole or not at all, or to the results.</summary>
    /// <exception cref="OccamException">The file can't be written.</exception>
    public static void Write<T>(string destination, Session session, T document)
    {
        byte[] json = [.. DocumentJson.Write(document), (byte)'\n'];
        if (destination == StandardOutput)
        {
            session.Output.Write(Encoding.UTF8.GetString(json));
            return;
        }

        AtomicFile.Write(destination, stream => stream.Write(json));
        session.Note($"wrote {destination}");
    }
}
