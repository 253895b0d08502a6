using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using Occam.Data;
using Occam.Torch;

namespace Occam.Networks.Loading;

/// <summary>
/// A safetensors file: tensors by name, and no graph. Eight bytes tell the length of a header in JSON, which says of each tensor its
/// type, shape and place. The file isn't trusted: the places must fill what follows the header, one after the other.
/// </summary>
public sealed class SafetensorsFile
{
    // The format's own limit of a header.
    private const long MostHeaderBytes = 100_000_000;
    private const int LengthBytes = 8;
    private const int ChunkBytes = 1 << 22;

    private readonly string _path;
    private readonly long _start;

    // Of a file in several parts: the one that each tensor is in.
    private readonly ImmutableDictionary<string, SafetensorsFile> _parts = ImmutableDictionary<string, SafetensorsFile>.Empty;

    private SafetensorsFile(string path, ImmutableDictionary<string, SafetensorsFile> parts)
    {
        (_path, _parts) = (path, parts);
        Tensors =
        [
            .. parts.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => pair.Value.Tensors.First(tensor => tensor.Name == pair.Key)),
        ];
    }

    private SafetensorsFile(string path, long start, ImmutableArray<SafetensorsEntry> tensors)
    {
        (_path, _start, Tensors) = (path, start, tensors);
    }

    /// <summary>The tensors in the order of their bytes, those of several parts by name.</summary>
    public ImmutableArray<SafetensorsEntry> Tensors { get; }

    /// <summary>How many numbers they hold together.</summary>
    public long Elements => Tensors.Sum(tensor => tensor.Elements);

    /// <summary>Opens a file, or the index of one in several parts, and reads what it holds.</summary>
    /// <exception cref="OccamException">It can't be read, or what it says doesn't fit together.</exception>
    public static SafetensorsFile Open(string path)
    {
        try
        {
            using var file = PlainFile.Open(path);
            return LfsPointer.Told(file) is { } pointer ? throw new OccamException($"{Message.Clean(path)} {pointer}")
                : SafetensorsIndex.IsOne(path) ? new SafetensorsFile(path, SafetensorsIndex.Parts(file, path))
                : Read(file, path);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second is what the reader says of a text that isn't UTF-8.
            throw new OccamException($"{Message.Clean(path)} is no safetensors file, or a damaged one: its header isn't JSON", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new OccamException($"{Message.Clean(path)} can't be read: {Message.Clean(e.Message)}", e);
        }
    }

    /// <summary>Reads a tensor.</summary>
    /// <param name="tensor">One of <see cref="Tensors"/>.</param>
    /// <param name="floatType">The type that floating-point numbers get, <see cref="ScalarType.Float32"/> or
    /// <see cref="ScalarType.Float64"/>. Integers of fewer than 64 bits come as ONNX's do: bytes as such, others in 32 bits.</param>
    /// <exception cref="OccamException">Its type isn't one of those that can be read, or the file changed.</exception>
    public Tensor Read(SafetensorsEntry tensor, ScalarType floatType)
    {
        if (_parts.TryGetValue(tensor.Name, out var part))
        {
            return part.Read(tensor, floatType);
        }

        var isDouble = floatType == ScalarType.Float64;
        return tensor.Type switch
        {
            "F64" when isDouble => Fill<double, double>(tensor, x => x),
            "F64" => Fill<double, float>(tensor, x => (float)x),
            "F32" when isDouble => Fill<float, double>(tensor, x => x),
            "F32" => Fill<float, float>(tensor, x => x),
            "F16" when isDouble => Fill<Half, double>(tensor, x => (double)x),
            "F16" => Fill<Half, float>(tensor, x => (float)x),
            "BF16" when isDouble => Fill<ushort, double>(tensor, x => Wide(x)),
            "BF16" => Fill<ushort, float>(tensor, Wide),
            "I64" => Fill<long, long>(tensor, x => x),
            "I32" => Fill<int, int>(tensor, x => x),
            "I16" => Fill<short, int>(tensor, x => x),
            "I8" => Fill<sbyte, int>(tensor, x => x),
            "U8" => Fill<byte, byte>(tensor, x => x),
            "BOOL" => Fill<byte, bool>(tensor, x => x != 0),
            _ => throw new OccamException($"{Message.Clean(_path)}: '{tensor.Name}' has elements of type {tensor.Type}: Occam reads F64, "
                + "F32, F16, BF16, I64, I32, I16, I8, U8 and BOOL"),
        };

        static float Wide(ushort bits) => BitConverter.Int32BitsToSingle(bits << 16);
    }

    /// <summary>Whether a file is there and is one by its name, or by how it begins.</summary>
    public static bool IsOne(string path)
    {
        try
        {
            using var file = PlainFile.Open(path);
            Span<byte> head = stackalloc byte[LengthBytes + 2];
            return SafetensorsIndex.IsOne(path)
                || IsOne(file, path, head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>Whether a file is one by its name, or by how it begins.</summary>
    internal static bool IsOne(FileStream file, string path, ReadOnlySpan<byte> head) =>
        Path.GetExtension(path).Equals(".safetensors", StringComparison.OrdinalIgnoreCase)
        || (head.Length > LengthBytes + 1
            && head[LengthBytes] == '{'
            && BinaryPrimitives.ReadUInt64LittleEndian(head) is >= 2 and var length
            && length <= (ulong)Math.Min(MostHeaderBytes, file.Length - LengthBytes));

    private static SafetensorsFile Read(FileStream file, string path)
    {
        Span<byte> prefix = stackalloc byte[LengthBytes];
        var read = file.ReadAtLeast(prefix, LengthBytes, throwOnEndOfStream: false);
        var length = read == LengthBytes ? BinaryPrimitives.ReadUInt64LittleEndian(prefix) : 0;
        if (length < 2 || length > MostHeaderBytes || (long)length > file.Length - LengthBytes)
        {
            throw new OccamException($"{Message.Clean(path)} is no safetensors file, or a damaged one: its first 8 bytes give its header "
                + $"{length} bytes, and the file has {file.Length}");
        }

        var header = new byte[length];
        file.ReadExactly(header);
        var start = LengthBytes + (long)length;
        var tensors = Entries(header, path).OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End).ToImmutableArray();
        Check(tensors, file.Length - start, path);
        return new SafetensorsFile(path, start, tensors);
    }

    private static IEnumerable<SafetensorsEntry> Entries(byte[] header, string path)
    {
        using var json = JsonDocument.Parse(header);
        if (json.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("no object");
        }

        var names = new HashSet<string>();
        foreach (var property in json.RootElement.EnumerateObject().Where(property => property.Name != "__metadata__"))
        {
            var name = Message.Clean(property.Name);
            if (!names.Add(property.Name))
            {
                throw new OccamException($"{Message.Clean(path)} is damaged: it has '{name}' twice");
            }

            yield return Entry(property.Value, name)
                ?? throw new OccamException($"{Message.Clean(path)} is damaged: its header doesn't tell type, shape and place of '{name}'");
        }
    }

    private static SafetensorsEntry? Entry(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object
        && value.TryGetProperty("dtype", out var type) && type.ValueKind == JsonValueKind.String
        && value.TryGetProperty("shape", out var shape) && Numbers(shape) is { } sizes && Limits.Elements([.. sizes]) is not null
        && value.TryGetProperty("data_offsets", out var place) && Numbers(place) is [var begin, var end]
            ? new SafetensorsEntry(name, Message.Clean(type.GetString()!), [.. sizes], begin, end)
            : null;

    private static long[]? Numbers(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var numbers = new List<long>();
        foreach (var element in list.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt64(out var number) || number < 0)
            {
                return null;
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }

    // By the format, the tensors lie one after the other without holes, up to the end of the file.
    private static void Check(ImmutableArray<SafetensorsEntry> tensors, long bytes, string path)
    {
        var end = 0L;
        foreach (var tensor in tensors)
        {
            if (tensor.Begin != end || tensor.End < tensor.Begin)
            {
                throw new OccamException($"{Message.Clean(path)} is damaged: '{tensor.Name}' lies at bytes {tensor.Begin} to {tensor.End}, "
                    + $"and what is before it ends at {end}");
            }

            // Types that aren't known have a bit an element at least.
            end = tensor.End;
            var (elements, length) = ((Int128)tensor.Elements, end - tensor.Begin);
            if (Size(tensor.Type) is { } size ? elements * size != length : elements > (Int128)length * 8)
            {
                throw new OccamException($"{Message.Clean(path)} is damaged: '{tensor.Name}' is {string.Join('×', tensor.Shape)} of "
                    + $"{tensor.Type}, which isn't the {length} bytes that it has");
            }
        }

        if (end != bytes)
        {
            throw new OccamException($"{Message.Clean(path)} has {bytes} bytes of numbers, and its header speaks of {end}: it is "
                + (bytes < end ? "truncated" : "damaged"));
        }
    }

    private static int? Size(string type) => type switch
    {
        "F64" or "I64" => 8,
        "F32" or "I32" => 4,
        "F16" or "BF16" or "I16" => 2,
        "I8" or "U8" or "BOOL" => 1,
        _ => null,
    };

    private Tensor Fill<TStored, TKept>(SafetensorsEntry tensor, Func<TStored, TKept> convert)
        where TStored : unmanaged
        where TKept : unmanaged
    {
        if (tensor.Elements > Array.MaxLength)
        {
            throw new OccamException($"{Message.Clean(_path)}: '{tensor.Name}' has {tensor.Elements:N0} numbers, more than a "
                + "tensor may hold");
        }

        try
        {
            using var grad = Libtorch.NoGrad();
            using var file = File.OpenHandle(_path, options: FileOptions.SequentialScan);
            var result = Tensor.Zeros([.. tensor.Shape], Tensor.TypeOf<TKept>()).DetachFromDisposeScope();
            var numbers = result.AsSpan<TKept>();
            var chunk = new TStored[Math.Min(numbers.Length, ChunkBytes / Unsafe.SizeOf<TStored>())];
            var offset = _start + tensor.Begin;
            for (var done = 0; done < numbers.Length;)
            {
                var some = chunk.AsSpan(0, Math.Min(chunk.Length, numbers.Length - done));
                for (var rest = MemoryMarshal.AsBytes(some); rest.Length > 0;)
                {
                    var read = RandomAccess.Read(file, rest, offset);
                    offset += read > 0 ? read : throw new EndOfStreamException("it became shorter while it was read");
                    rest = rest[read..];
                }

                foreach (var number in some)
                {
                    numbers[done++] = convert(number);
                }
            }

            return result;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OccamException($"{Message.Clean(_path)} can't be read: {Message.Clean(e.Message)}", e);
        }
    }
}
