using System.Collections.Immutable;
using Occam.Data;
using Occam.Networks;

namespace Occam.Lab.Inference;

/// <summary>An array of one number everywhere, for an input that is given none.</summary>
internal static class FixedArray
{
    /// <summary>
    /// The array of an input: its sizes those that the model declares; of free ones the size of the same name at another input, else
    /// the one in the same place there, else 1.
    /// </summary>
    /// <param name="input">The input.</param>
    /// <param name="number">The number.</param>
    /// <param name="inputs">All inputs.</param>
    /// <param name="arrays">The arrays of the others, by name.</param>
    /// <exception cref="OccamException">The input takes whole numbers, and the number isn't one.</exception>
    public static NumberArray Of(
        ValueInfo input, double number, ImmutableArray<ValueInfo> inputs, IReadOnlyDictionary<string, NumberArray> arrays)
    {
        ValueInfo[] others = [.. inputs.Where(other => arrays.ContainsKey(other.Name))];
        int[] shape = input.Shape.IsDefault
            ? others is [var first, ..] ? [.. arrays[first.Name].Shape] : []
            : [.. input.Shape.Select((size, axis) => size is { } known ? checked((int)known) : Free(input, axis, others, arrays))];
        var count = shape.Aggregate(1, (product, size) => checked(product * size));
        if (input.IsFloatingPoint)
        {
            return new NumberArray(Filled(count, number), shape);
        }

        return number == Math.Floor(number) ? new NumberArray(Filled(count, (long)number), shape)
            : throw new OccamException($"the input '{input.Name}' takes whole numbers, and {number} isn't one");
    }

    private static int Free(ValueInfo input, int axis, ValueInfo[] others, IReadOnlyDictionary<string, NumberArray> arrays)
    {
        if (!input.Symbols.IsDefault && input.Symbols[axis] is { } symbol)
        {
            foreach (var other in others.Where(other => !other.Symbols.IsDefault))
            {
                if (other.Symbols.IndexOf(symbol) is >= 0 and var at && at < arrays[other.Name].Shape.Length)
                {
                    return arrays[other.Name].Shape[at];
                }
            }
        }

        return others is [var first, ..] && axis < arrays[first.Name].Shape.Length ? arrays[first.Name].Shape[axis] : 1;
    }

    private static T[] Filled<T>(int count, T number)
    {
        var numbers = new T[count];
        Array.Fill(numbers, number);
        return numbers;
    }
}
