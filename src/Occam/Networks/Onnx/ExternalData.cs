using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Occam.Data;

namespace Occam.Networks.Onnx;

/// <summary>
/// Tensors that a model keeps in files beside it. A model says where to read, so it is not trusted: only
/// plain files inside the model's own folder, only the bytes that they have, and each byte only once.
/// </summary>
internal sealed class ExternalData(string folder)
{
    private const int ChunkBytes = 1 << 22;
    private readonly Dictionary<string, long> _unread = [];

    /// <summary>Takes a piece of a tensor's numbers, and the index of the first of them.</summary>
    public delegate void Sink<T>(ReadOnlySpan<T> numbers, int start)
        where T : unmanaged;

    /// <summary>Finds the bytes of a tensor, which are then known to be there.</summary>
    /// <exception cref="OccamException">They aren't where the model says, or lie where a model has no business.</exception>
    public Place Find(TensorProto proto, string owner, long elements, int elementBytes)
    {
        var entries = proto.ExternalData.ToLookup(entry => entry.Key, entry => entry.Value);
        var location = entries["location"].FirstOrDefault()
            ?? throw new OccamException($"{owner} is kept in another file, but the model doesn't say in which");
        var bytes = (Int128)elements * elementBytes;
        var offset = Number("offset") ?? 0;
        if (Number("length") is { } length && length != bytes)
        {
            throw new OccamException($"{owner} needs {bytes} bytes, but the model gives it {length} in '{Message.Clean(location)}'");
        }

        if (elements == 0)
        {
            return default;
        }

        var path = Resolve(location, owner);
        try
        {
            var size = new FileInfo(path).Length;
            var unread = _unread.GetValueOrDefault(path, size);
            if (offset + bytes > size || bytes > unread || elements > Array.MaxLength)
            {
                using var file = PlainFile.Open(path);
                throw new OccamException(LfsPointer.Told(file) is { } pointer ? $"'{Message.Clean(location)}' beside the model {pointer}"
                    : $"{owner} needs {bytes} bytes at {offset} of '{Message.Clean(location)}', which has {size} bytes, {unread} of them "
                        + "not yet used");
            }

            // Numbers in a hole are zeros that nobody had to write: of a file of holes no more is read than a small file may ask for.
            var taken = size - unread + (long)bytes;
            if (taken > FileAllowance.Of(PlainFile.AllocatedBytes(path)))
            {
                throw new OccamException($"{owner} needs {bytes} bytes of '{Message.Clean(location)}', which has {size} bytes and only "
                    + $"{PlainFile.AllocatedBytes(path)} of them on the disk: it is damaged or hostile");
            }

            _unread[path] = unread - (long)bytes;
            return new Place(path, offset, (int)elements, owner, location);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(owner, location, e);
        }

        long? Number(string key) => entries[key].FirstOrDefault() is not { } text
            ? null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new OccamException($"{owner} has the {key} '{Message.Clean(text)}' of its data: expected a whole number of bytes");
    }

    private static OccamException Unreadable(string owner, string location, Exception e) =>
        new($"{owner} can't be read from '{Message.Clean(location)}' beside the model: {Message.Clean(e.Message)}", e);

    private string Resolve(string location, string owner)
    {
        var parts = location.Split('/', '\\');
        if (location.Length == 0 || location.Any(char.IsControl) || Path.IsPathRooted(location)
            || parts.Any(part => part is "" or ".." || part.Contains(':')))
        {
            throw new OccamException($"{owner} is kept at '{Message.Clean(location)}': expected a file inside the model's folder");
        }

        var path = folder;
        foreach (var part in parts)
        {
            path = Path.Combine(path, part);
            if (new FileInfo(path).LinkTarget is not null)
            {
                throw new OccamException($"{owner} is kept at '{Message.Clean(location)}', which goes through a symbolic link: put the "
                    + "file itself into the model's folder");
            }
        }

        return File.Exists(path)
            ? path
            : throw new OccamException($"{owner} is kept in '{Message.Clean(location)}', which isn't in the model's folder: put it there");
    }

    /// <summary>Where in a file the elements of a tensor are; nowhere, where there are none.</summary>
    public readonly record struct Place(string Path, long Offset, int Elements, string Owner, string Location)
    {
        /// <summary>Reads the elements piece by piece.</summary>
        /// <exception cref="OccamException">The file can't be read any more.</exception>
        public void Read<T>(Sink<T> sink)
            where T : unmanaged
        {
            if (Elements == 0)
            {
                return;
            }

            try
            {
                using var file = File.OpenHandle(Path, options: FileOptions.SequentialScan);
                var chunk = new T[Math.Min(Elements, ChunkBytes / Unsafe.SizeOf<T>())];
                var offset = Offset;
                for (var start = 0; start < Elements; start += chunk.Length)
                {
                    var numbers = chunk.AsSpan(0, Math.Min(chunk.Length, Elements - start));
                    for (var rest = MemoryMarshal.AsBytes(numbers); rest.Length > 0;)
                    {
                        var read = RandomAccess.Read(file, rest, offset);
                        if (read == 0)
                        {
                            throw new EndOfStreamException("the file became shorter while it was read");
                        }

                        rest = rest[read..];
                        offset += read;
                    }

                    sink(numbers, start);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Unreadable(Owner, Location, e);
            }
        }
    }
}
