using System.Collections.Immutable;
using System.Globalization;
using Occam.Data;
using Occam.Derivatives;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Measures;

/// <summary>
/// Makes the inputs of a network out of examples: each input takes the array of its name, or the one number that it is fixed at; the
/// one that the function is of takes the examples' inputs where no array has its name.
/// </summary>
internal sealed class ExampleReader
{
    private readonly Subject _subject;
    private readonly DataSet _data;
    private readonly ImmutableDictionary<string, (DataSet? Array, double Fixed, long[] Shape)> _sources;
    private readonly string _main;
    private readonly string? _batch;

    /// <summary>Finds each input's source.</summary>
    /// <exception cref="OccamException">An input has none, or the sizes don't fit.</exception>
    public ExampleReader(Subject subject, DataSet data)
    {
        _subject = subject;
        _data = data;
        IReadOnlyDictionary<string, double> fixedInputs = subject.Fixed;
        var inputs = subject.Inputs;
        if (inputs.IsEmpty)
        {
            inputs = [new ValueInfo("x", subject.Type, default)];
        }

        _main = (subject.Before ?? subject.Original)?.Graph.Input.Name ?? "x";
        var main = inputs.First(input => input.Name == _main);
        _batch = main.Symbols.IsDefaultOrEmpty ? null : main.Symbols[0];
        fixedInputs = WithSingleNumbers(inputs, fixedInputs);
        var arrays = inputs.Where(input => !fixedInputs.ContainsKey(input.Name))
            .Select(input => (input, Array: ArrayOf(input, inputs, fixedInputs)))
            .ToDictionary(pair => pair.input, pair => (pair.Array, Shape: Fit(pair.input, pair.Array)));
        _sources = inputs.ToImmutableDictionary(input => input.Name, input => arrays.TryGetValue(input, out var found)
            ? ((DataSet?)found.Array, 0.0, found.Shape)
            : (null, fixedInputs[input.Name], FixedShape(input, arrays.ToDictionary(pair => pair.Key, pair => pair.Value.Shape))));
        Shape = _sources[_main].Shape;
    }

    /// <summary>The sizes of one example of the model's own input, which the function's is or is computed from.</summary>
    public long[] Shape { get; }

    /// <summary>Examples: the function's input, and the values held.</summary>
    public (Tensor Inputs, Dictionary<string, Tensor> Held) Read(int[] indices)
    {
        if (_subject.Before is not { } before)
        {
            return (Values(_main, _subject.Original?.Graph.Input, indices), Held(_subject.Original, indices));
        }

        using var grad = Libtorch.NoGrad();
        var tokens = Values(_main, before.Graph.Input, indices);
        var own = Held(before, indices).ToDictionary(pair => pair.Key, pair => InPlace(pair.Key, pair.Value));
        var rows = _subject.FixedBatch is { } batch && own.Count == 0
            ? [.. Chunks(indices.Length, (int)batch).Select(part => RunBefore(
                before, BatchPadding.To(batch, tokens.Narrow(0, part.Start, part.Count)), own).Narrow(0, 0, part.Count))]
            : new[] { RunBefore(before, tokens, own) };
        return (rows.Length == 1 ? rows[0] : Tensor.Cat(rows, 0), Held(_subject.Original, indices));
    }

    private static Tensor RunBefore(Network before, Tensor input, Dictionary<string, Tensor> held) =>
        before.Run(new Dictionary<string, Tensor>(held) { [before.Graph.Input.Name] = input }, [before.Output])[before.Output];

    private static IEnumerable<(int Start, int Count)> Chunks(int count, int size) =>
        Enumerable.Range(0, (count + size - 1) / size).Select(i => (i * size, Math.Min(size, count - (i * size))));

    private Dictionary<string, Tensor> Held(Network? network, int[] indices) =>
        network?.Graph.Held.ToDictionary(held => held.Name, held => Values(held.Name, held, indices)) ?? [];

    private Tensor Values(string name, ValueInfo? input, int[] indices)
    {
        var (array, number, shape) = _sources[name];
        long[] whole = input?.BatchAxis(_batch) is null && input is { Shape.IsDefault: false } ? [] : [indices.Length, .. shape];
        if (input is { IsFloatingPoint: false })
        {
            var values = new double[checked(array is null ? Size(whole) : indices.Length * array.ExampleSize)];
            if (array is null)
            {
                values.AsSpan().Fill(number);
            }
            else
            {
                array.CopyInputs(indices, values);
            }

            return WholeNumbers(name, input.Type, values, whole);
        }

        if (array is null)
        {
            return Tensor.Full(whole, number, _subject.Type, _subject.Device);
        }

        Tensor x;
        if (_subject.Type == ScalarType.Float64)
        {
            var values = GC.AllocateUninitializedArray<double>(checked(indices.Length * array.ExampleSize));
            array.CopyInputs(indices, values);
            x = Tensor.FromArray(values, whole);
        }
        else
        {
            var values = GC.AllocateUninitializedArray<float>(checked(indices.Length * array.ExampleSize));
            array.CopyInputs(indices, values);
            x = Tensor.FromArray(values, whole);
        }

        return x.To(_subject.Type).To(_subject.Device);
    }

    private static Tensor WholeNumbers(string name, ScalarType type, double[] values, long[] shape)
    {
        var odd = Array.FindIndex(values, value => value != Math.Floor(value));
        return odd < 0
            ? Tensor.FromArray(Array.ConvertAll(values, value => (long)value), shape).To(type)
            : throw new OccamException($"the network's input '{name}' takes whole numbers, and its array holds {values[odd]}");
    }

    private DataSet ArrayOf(ValueInfo input, ImmutableArray<ValueInfo> inputs, IReadOnlyDictionary<string, double> fixedInputs)
    {
        if (_data.ArrayName == input.Name)
        {
            return _data;
        }

        if (_data.Others.TryGetValue(input.Name, out var named))
        {
            return named.Count == _data.Count || input.Shape is { IsDefault: false, IsEmpty: true } ? named
                : throw new OccamException($"the array '{Message.Clean(input.Name)}' of {_data.Name} holds {named.Count:N0} examples, and "
                    + $"'{Message.Clean(_data.ArrayName)}' {_data.Count:N0}: each example needs one");
        }

        var alone = inputs.Count(other => !fixedInputs.ContainsKey(other.Name)) == 1;
        if (alone || (input.Name == _main && inputs.All(other => other.Name != _data.ArrayName)))
        {
            return _data;
        }

        var there = string.Join(", ", _data.Others.Keys.Order(StringComparer.Ordinal).Prepend(_data.ArrayName));
        throw new OccamException($"the network takes the input '{input.Name}', and {_data.Name} holds no array of this name, only {there}: "
            + $"name the arrays of an .npz file as the network's inputs, or hold it at a number (--fix {input.Name}=1)");
    }

    /// <summary>A value with its rows first, as the network takes it.</summary>
    public Tensor InPlace(string name, Tensor rows) => BatchAxis(name) is { } axis && axis > 0
        ? rows.Permute([.. Enumerable.Range(0, rows.Dimensions).Select(i => i < axis ? i + 1L : i == axis ? 0 : i)])
        : rows;

    /// <summary>Which dimension of an input counts the examples; null where it is a single number for all.</summary>
    public int? BatchAxis(string name) => _subject.Inputs.First(input => input.Name == name).BatchAxis(_batch);

    // Inputs that are a single number for all examples are held at what the data have for it.
    private Dictionary<string, double> WithSingleNumbers(
        ImmutableArray<ValueInfo> inputs, IReadOnlyDictionary<string, double> fixedInputs)
    {
        var all = fixedInputs.ToDictionary();
        foreach (var input in inputs.Where(
            input => input.Shape is { IsDefault: false, IsEmpty: true } && !fixedInputs.ContainsKey(input.Name)))
        {
            var array = ArrayOf(input, inputs, fixedInputs);
            var values = new double[checked(array.Count * array.ExampleSize)];
            array.CopyInputs([.. Enumerable.Range(0, array.Count)], values);
            all[input.Name] = Array.TrueForAll(values, value => value == values[0])
                ? values[0]
                : throw new OccamException($"the input '{input.Name}' is a single number for all examples, and the data have several for "
                    + $"it: hold it at one (--fix {input.Name}={values[0].ToString(CultureInfo.InvariantCulture)})");
        }

        return all;
    }

    private long[] Fit(ValueInfo input, DataSet array)
    {
        // An input of one number an example may have no dimension for it.
        if (input.Shape is { IsDefault: false, Length: 1 } && array.ExampleSize == 1)
        {
            return [];
        }

        try
        {
            return InputShape.Fit(Example(input), array);
        }
        catch (OccamException error)
        {
            var isNamed = array.Name.EndsWith($": {input.Name}", StringComparison.Ordinal);
            throw new OccamException(
                $"{(isNamed ? $"the input '{input.Name}': " : "")}{error.Message}{OtherAxis(input, array)}", error);
        }
    }

    // A dimension of the input other than the first without which it is as one of the array's examples.
    private static string OtherAxis(ValueInfo input, DataSet array)
    {
        var axis = input.Shape.IsDefault || input.Shape.Length != array.ExampleShape.Count + 1 ? 0
            : Enumerable.Range(1, input.Shape.Length - 1).FirstOrDefault(axis => input.Shape.RemoveAt(axis).Zip(array.ExampleShape).All(
                pair => pair.First is null || pair.First == pair.Second));
        return axis > 0 ? $"; where dimension {axis} counts the examples, --batch-axis {axis} says so" : "";
    }

    // Free sizes are those of the same name elsewhere, or else in the same place of the main input.
    private long[] FixedShape(ValueInfo input, Dictionary<ValueInfo, long[]> known)
    {
        var main = known.FirstOrDefault(pair => pair.Key.Name == _main).Value ?? [];
        long SizeOf(int at)
        {
            if (input.Shape[at] is { } size)
            {
                return size;
            }

            if (!input.Symbols.IsDefault && input.Symbols[at] is { } symbol)
            {
                foreach (var (other, shape) in known.Where(pair => !pair.Key.Symbols.IsDefault))
                {
                    var place = other.Symbols.IndexOf(symbol);
                    if (place > 0 && place <= shape.Length)
                    {
                        return shape[place - 1];
                    }
                }
            }

            return at > 0 && at <= main.Length ? main[at - 1] : 1;
        }

        return input.Shape.IsDefault ? main
            : [.. Enumerable.Range(0, input.Shape.Length).Where(at => at != input.BatchAxis(_batch)).Select(SizeOf)];
    }

    private ImmutableArray<long?> Example(ValueInfo input) =>
        input.Shape.IsDefaultOrEmpty || input.BatchAxis(_batch) is not { } axis ? input.ExampleShape : input.Shape.RemoveAt(axis);

    private static int Size(long[] shape) => (int)shape.Aggregate(1L, (product, size) => checked(product * size));
}
