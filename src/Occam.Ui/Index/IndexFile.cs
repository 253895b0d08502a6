using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;
using System.Text;

namespace Occam.Ui.Index;

/// <summary>A file that keeps what was read of a store's runs, outside of the store. Losing it costs reading them again.</summary>
/// <param name="path">The file.</param>
internal sealed class IndexFile(string path)
{
    private const int Version = 1;

    /// <summary>The file for a store's folder, in the user's folder of caches.</summary>
    public static IndexFile Of(string root)
    {
        var caches = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var name = Convert.ToHexStringLower(XxHash64.Hash(Encoding.UTF8.GetBytes(Path.GetFullPath(root))));
        return new IndexFile(Path.Combine(caches, "occam", $"runs-{name}.bin"));
    }

    /// <summary>What is kept of a store's runs, by name; nothing where the file is missing, damaged, or of another version.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "whatever is wrong with it, the runs are read again")]
    public Dictionary<string, IndexedRun> Read(string root)
    {
        try
        {
            var bytes = PlainFile.ReadAllBytes(path, Array.MaxLength);
            var content = bytes.AsSpan(0, bytes.Length - sizeof(ulong));
            return BitConverter.ToUInt64(bytes, content.Length) == XxHash64.HashToUInt64(content)
                ? Parse(new MemoryStream(bytes, 0, content.Length), root)
                : [];
        }
        catch (Exception)
        {
            return [];
        }
    }

    /// <summary>Keeps a store's runs. Where that is impossible, nothing is kept.</summary>
    public void Write(string root, ImmutableArray<IndexedRun> runs)
    {
        using var memory = new MemoryStream();
        Compose(memory, root, runs);
        var content = memory.GetBuffer().AsSpan(0, (int)memory.Length);
        memory.Write(BitConverter.GetBytes(XxHash64.HashToUInt64(content)));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, stream => memory.WriteTo(stream));
        }
        catch (Exception e) when (e is OccamException or IOException or UnauthorizedAccessException)
        {
            // It only makes the next start faster.
        }
    }

    // Texts once, with their numbers in place of them from then on.
    private static void Compose(Stream stream, string root, ImmutableArray<IndexedRun> runs)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        var texts = new Dictionary<string, int>(StringComparer.Ordinal);
        writer.Write(Version);
        writer.Write(Occam.Lab.RunEnvironment.Version);
        writer.Write(Path.GetFullPath(root));
        writer.Write(runs.Length);
        foreach (var (name, stamp, cells) in runs)
        {
            writer.Write(name);
            foreach (var part in (long[])
                [stamp.StatusTime, stamp.StatusSize, stamp.MetricsTime, stamp.MetricsSize, stamp.ConfigurationTime])
            {
                writer.Write(part);
            }

            writer.Write(cells.Length);
            foreach (var (key, text, number) in cells)
            {
                Write(key);
                writer.Write(text is null);
                if (text is null)
                {
                    writer.Write(number);
                }
                else
                {
                    Write(text);
                }
            }
        }

        void Write(string text)
        {
            if (texts.TryGetValue(text, out var at))
            {
                writer.Write(at);
                return;
            }

            writer.Write(texts.Count);
            writer.Write(text);
            texts.Add(text, texts.Count);
        }
    }

    private static Dictionary<string, IndexedRun> Parse(Stream stream, string root)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8);
        var texts = new List<string>();
        var runs = new Dictionary<string, IndexedRun>(StringComparer.Ordinal);
        if (reader.ReadInt32() != Version
            || reader.ReadString() != Occam.Lab.RunEnvironment.Version
            || reader.ReadString() != Path.GetFullPath(root))
        {
            return runs;
        }

        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var name = reader.ReadString();
            var stamp = new RunStamp(
                reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
            var cells = new Cell[reader.ReadInt32()];
            for (var i = 0; i < cells.Length; i++)
            {
                var key = Text();
                cells[i] = reader.ReadBoolean() ? Cell.Of(key, reader.ReadDouble()) : Cell.Of(key, Text());
            }

            runs[name] = new IndexedRun(name, stamp, [.. cells]);
        }

        return runs;

        string Text()
        {
            var at = reader.ReadInt32();
            if (at == texts.Count)
            {
                texts.Add(string.Intern(reader.ReadString()));
            }

            return texts[at];
        }
    }
}
