using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;

namespace Occam.Data;

/// <summary>An array of numbers or truth values with a shape, as NumPy's files hold it.</summary>
public sealed record NumberArray
{
    private static readonly ImmutableArray<Type> s_types =
    [
        typeof(bool), typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(Half), typeof(float), typeof(double),
    ];

    /// <summary>Makes an array of its elements.</summary>
    /// <param name="elements">The elements in C order (the last index varies fastest): an array of <see cref="bool"/>, of a whole number
    /// of 8 to 64 bits, or of <see cref="Half"/>, <see cref="float"/> or <see cref="double"/>. It is not copied.</param>
    /// <param name="shape">The sizes, none for a single number.</param>
    /// <exception cref="ArgumentException">The elements are of another type, or as many as the shape doesn't have.</exception>
    public NumberArray(Array elements, params IEnumerable<int> shape)
    {
        Elements = elements;
        Shape = [.. shape];
        if (!s_types.Contains(ElementType) || elements.Rank != 1)
        {
            throw new ArgumentException($"an array of {ElementType.Name} holds neither numbers nor truth values", nameof(elements));
        }

        if (Shape.Any(size => size < 0) || Shape.Aggregate(1L, (product, size) => product * size) != elements.Length)
        {
            throw new ArgumentException($"{elements.Length} elements don't have the shape ({string.Join(", ", Shape)})", nameof(shape));
        }
    }

    /// <summary>The elements in C order.</summary>
    public Array Elements { get; }

    /// <summary>The sizes, none for a single number.</summary>
    public ImmutableArray<int> Shape { get; }

    /// <summary>The type of an element.</summary>
    public Type ElementType => Elements.GetType().GetElementType()!;

    /// <summary>Whether the elements are floating-point numbers.</summary>
    public bool IsFloatingPoint => ElementType == typeof(Half) || ElementType == typeof(float) || ElementType == typeof(double);

    /// <summary>The element type as NumPy calls it, <c>float32</c>.</summary>
    public string TypeName => ElementType.Name switch
    {
        nameof(Boolean) => "bool",
        nameof(Half) => "float16",
        nameof(Single) => "float32",
        nameof(Double) => "float64",
        nameof(SByte) => "int8",
        nameof(Byte) => "uint8",
        var name => name.ToLower(CultureInfo.InvariantCulture),
    };

    /// <summary>A copy of the elements as another type; truth values are 0 and 1.</summary>
    /// <exception cref="OverflowException">A whole number doesn't fit.</exception>
    public T[] ToArray<T>() where T : unmanaged, INumber<T> => Type.GetTypeCode(ElementType) switch
    {
        TypeCode.Boolean => Array.ConvertAll((bool[])Elements, value => value ? T.One : T.Zero),
        TypeCode.SByte => Converted<sbyte, T>(),
        TypeCode.Byte => Converted<byte, T>(),
        TypeCode.Int16 => Converted<short, T>(),
        TypeCode.UInt16 => Converted<ushort, T>(),
        TypeCode.Int32 => Converted<int, T>(),
        TypeCode.UInt32 => Converted<uint, T>(),
        TypeCode.Int64 => Converted<long, T>(),
        TypeCode.UInt64 => Converted<ulong, T>(),
        TypeCode.Single => Converted<float, T>(),
        TypeCode.Double => Converted<double, T>(),
        _ => Converted<Half, T>(),
    };

    /// <summary>Some of the array's parts along its first axis.</summary>
    /// <param name="start">The first of them.</param>
    /// <param name="count">How many.</param>
    public NumberArray Rows(int start, int count)
    {
        var size = Shape.Skip(1).Aggregate(1, (product, length) => product * length);
        var part = Array.CreateInstance(ElementType, count * size);
        Array.Copy(Elements, start * size, part, 0, part.Length);
        return new NumberArray(part, [count, .. Shape.Skip(1)]);
    }

    /// <summary>Arrays one after another along the first axis, of equal types and other sizes.</summary>
    /// <exception cref="ArgumentException">Their types or other sizes differ, or they are too many for one array.</exception>
    public static NumberArray Join(IReadOnlyList<NumberArray> parts)
    {
        if (parts.Any(part => part.ElementType != parts[0].ElementType || !part.Shape.Skip(1).SequenceEqual(parts[0].Shape.Skip(1)))
            || parts.Sum(part => (long)part.Elements.Length) > Array.MaxLength)
        {
            throw new ArgumentException("the arrays differ in more than their first size, or are too many", nameof(parts));
        }

        var whole = Array.CreateInstance(parts[0].ElementType, parts.Sum(part => part.Elements.Length));
        var start = 0;
        foreach (var part in parts)
        {
            Array.Copy(part.Elements, 0, whole, start, part.Elements.Length);
            start += part.Elements.Length;
        }

        return new NumberArray(whole, [parts.Sum(part => part.Shape[0]), .. parts[0].Shape.Skip(1)]);
    }

    /// <summary>The element type and the shape, <c>float32 5×3</c>.</summary>
    public override string ToString() => Shape.IsEmpty ? $"{TypeName}, a single number" : $"{TypeName} {string.Join('×', Shape)}";

    private T[] Converted<TFrom, T>()
        where TFrom : unmanaged, INumber<TFrom>
        where T : unmanaged, INumber<T> =>
        Array.ConvertAll((TFrom[])Elements, T.CreateChecked);
}
