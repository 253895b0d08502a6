using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace Occam.Data;

/// <summary>
/// The header of NumPy's array format (numpy.lib.format, versions 1 to 3): the magic, the version, the length of a
/// Python dictionary, and the dictionary with the type, the order and the shape.
/// </summary>
internal sealed partial class NpyHeader
{
    /// <summary>NumPy itself refuses longer ones.</summary>
    private const int LongestDictionary = 10_000;

    private const int MostDimensions = 32;

    /// <summary>The element's kind: 'f' floating, 'i' signed, 'u' unsigned, 'b' Boolean.</summary>
    public required char Kind { get; init; }

    /// <summary>The element's bytes.</summary>
    public required int ElementSize { get; init; }

    /// <summary>Whether an element's first byte is its most significant.</summary>
    public required bool IsBigEndian { get; init; }

    /// <summary>Whether the first index varies fastest.</summary>
    public required bool IsFortranOrder { get; init; }

    /// <summary>The dimensions, none for a scalar; their product fits an array.</summary>
    public required int[] Shape { get; init; }

    /// <summary>The number of elements.</summary>
    public long Elements => Shape.Aggregate(1L, (product, dimension) => product * dimension);

    /// <summary>Whether an element has more digits than a single-precision number holds.</summary>
    public bool IsWide => (Kind, ElementSize) is not (('f', <= 4) or (_, <= 2));

    /// <summary>The number of elements of an array that can be in memory.</summary>
    public int Count => Shape.Aggregate(1, (product, dimension) => product * dimension);

    /// <summary>Whether the elements are whole numbers or Booleans.</summary>
    public bool IsInteger => Kind != 'f';

    /// <summary>The header of so many of its rows.</summary>
    public NpyHeader WithRows(int count) => new()
    {
        Kind = Kind,
        ElementSize = ElementSize,
        IsBigEndian = IsBigEndian,
        IsFortranOrder = IsFortranOrder,
        Shape = [count, .. Shape[1..]],
    };

    /// <summary>Reads the header, up to the first element.</summary>
    /// <param name="file">The file.</param>
    /// <param name="most">The most elements; all that an array can hold when left out.</param>
    /// <exception cref="OccamException">It isn't one, or declares what can't be read.</exception>
    public static NpyHeader Read(DataFile file, long? most = null)
    {
        Span<byte> start = stackalloc byte[8];
        file.ReadExactly(start);
        if (start[0] != 0x93 || !start[1..6].SequenceEqual("NUMPY"u8))
        {
            throw new OccamException($"{file.Name} is not a NumPy array: it does not start with NumPy's magic bytes");
        }

        int version = start[6];
        if (version is < 1 or > 3)
        {
            throw new OccamException($"{file.Name} is in version {version} of NumPy's format; versions 1 to 3 can be read");
        }

        Span<byte> lengthBytes = stackalloc byte[4];
        lengthBytes.Clear();
        file.ReadExactly(version == 1 ? lengthBytes[..2] : lengthBytes);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (length > LongestDictionary)
        {
            throw new OccamException(
                $"{file.Name} declares a header of {length} bytes; NumPy's have at most {LongestDictionary}: it is damaged");
        }

        var text = new byte[length];
        file.ReadExactly(text);
        return Parse(file.Name, (version == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(text), most ?? Array.MaxLength);
    }

    private static NpyHeader Parse(string name, string text, long most)
    {
        var order = OrderPattern().Match(text);
        var shape = ShapePattern().Match(text);
        var type = TypePattern().Match(text);
        if (!order.Success || !shape.Success || !DescriptionPattern().IsMatch(text))
        {
            throw new OccamException($"{name} has a NumPy header that can't be read: {Message.Clean(text.Trim())}");
        }

        (var kind, var size, var isBigEndian) = ElementType(name, type);
        return new()
        {
            Kind = kind,
            ElementSize = size,
            IsBigEndian = isBigEndian,
            IsFortranOrder = order.Groups[1].Value == "True",
            Shape = Dimensions(name, shape.Groups[1].Value, most),
        };
    }

    private static (char Kind, int Size, bool IsBigEndian) ElementType(string name, Match match)
    {
        var type = match.Groups[1].Value;
        if (match.Success && type.TrimStart('|', '<', '>', '=').StartsWith('O'))
        {
            throw new OccamException($"{name} holds pickled Python objects, which are not read because they can run code: save numbers");
        }

        return (type.Length == 3
            ? type[1..]
            : "") is "f2" or "f4" or "f8" or "i1" or "i2" or "i4" or "i8" or "u1" or "u2" or "u4" or "u8" or "b1"
            ? (type[1], type[2] - '0', type[0] == '>')
            : throw new OccamException(
                $"{name} holds elements of type {(match.Success ? $"'{Message.Clean(type)}'" : "a structure")}; floating (f2, f4, f8), "
                    + "integer (i1 to i8, u1 to u8) and Boolean arrays can be read");
    }

    private static int[] Dimensions(string name, string text, long most)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > MostDimensions)
        {
            throw new OccamException($"{name} declares {parts.Length} dimensions; at most {MostDimensions} can be read");
        }

        var shape = new int[parts.Length];
        long product = 1;
        for (var i = 0; i < shape.Length; i++)
        {
            // A zero would hide an overflow by the dimensions after it, so each is held to the limit by itself.
            if (!int.TryParse(parts[i].TrimEnd('L'), out shape[i]) || shape[i] < 0
                || (Int128)Math.Max(product, 1) * shape[i] > most)
            {
                throw new OccamException(
                    $"{name} declares the shape ({Message.Clean(text)}); at most {Message.Number(most)} elements can be read");
            }

            product = Math.Max(product, 1) * shape[i];
        }

        return shape;
    }

    [GeneratedRegex(@"['""]fortran_order['""]\s*:\s*(True|False)\b", RegexOptions.CultureInvariant)]
    private static partial Regex OrderPattern();

    [GeneratedRegex(@"['""]shape['""]\s*:\s*\(([0-9L,\s]*)\)", RegexOptions.CultureInvariant)]
    private static partial Regex ShapePattern();

    [GeneratedRegex(@"['""]descr['""]\s*:", RegexOptions.CultureInvariant)]
    private static partial Regex DescriptionPattern();

    [GeneratedRegex(@"['""]descr['""]\s*:\s*['""]([^'""]*)['""]", RegexOptions.CultureInvariant)]
    private static partial Regex TypePattern();
}
