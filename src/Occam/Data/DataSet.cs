using System.Collections.Immutable;

namespace Occam.Data;

/// <summary>
/// Examples of one shape, with class labels or real targets where there are any. Inputs are kept in the form in
/// which they came (bytes for images) and converted, and normalized, as they are copied out in batches.
/// </summary>
public abstract class DataSet
{
    /// <summary>What the set is called: <c>mnist:train</c>, <c>points.npz</c>.</summary>
    public abstract string Name { get; }

    /// <summary>One line: where the data come from, how many they are, their normalization, the subset and its seed.</summary>
    public string Description
    {
        get
        {
            var answers = Labels is not null ? $"{Message.Number(Classes)} classes"
                : PositionLabels is not null ? $"labels of shape {Message.Shape(PositionShape)}"
                : Targets is not null ? "real targets" : "no labels";
            var normalization = Normalization is null ? NotNormalized : $"normalized as {Normalization} by channel{InputUnit}";
            return $"{Name}: {Selection} of shape {Message.Shape(ExampleShape)}, {answers}, {normalization}, {Source}";
        }
    }

    /// <summary>The number of examples, at least 1.</summary>
    public abstract int Count { get; }

    /// <summary>The shape of one example, without the batch: [1, 28, 28], [3, 32, 32], [10].</summary>
    public abstract IReadOnlyList<int> ExampleShape { get; }

    /// <summary>The number of inputs of one example, the product of its shape.</summary>
    public int ExampleSize => ExampleShape.Aggregate(1, (product, dimension) => product * dimension);

    /// <summary>Each example's class, 0 … <see cref="Classes"/> − 1; null where there are none.</summary>
    public abstract int[]? Labels { get; }

    /// <summary>
    /// The classes of each example's positions (tokens, pixels), <see cref="Count"/> × the product of
    /// <see cref="PositionShape"/> row by row, where an example has several; <see cref="Ignored"/> for a position that
    /// doesn't count. Null where there are none: then <see cref="Labels"/> has one class an example.
    /// </summary>
    public virtual int[]? PositionLabels => null;

    /// <summary>The sizes of one example's labels, where it has several: [T] for tokens, [H, W] for pixels.</summary>
    public virtual IReadOnlyList<int> PositionShape => [];

    /// <summary>The label of a position that doesn't count, as in PyTorch.</summary>
    public const int Ignored = -100;

    /// <summary>
    /// Further arrays by name, for networks of several inputs, which take those with a row an example; the inputs themselves aren't
    /// among them.
    /// </summary>
    public virtual IReadOnlyDictionary<string, DataSet> Others => ImmutableDictionary<string, DataSet>.Empty;

    /// <summary>What the array of the inputs is called in its file.</summary>
    public virtual string ArrayName => "x";

    /// <summary>
    /// Each example's real targets, <see cref="Count"/> × <see cref="TargetSize"/> row by row; null where there are none.
    /// </summary>
    public abstract double[]? Targets { get; }

    /// <summary>The number of real targets of one example; 0 where there are none.</summary>
    public int TargetSize => Targets is null ? 0 : Targets.Length / Count;

    /// <summary>The number of classes; 0 without labels. Where the format doesn't say, the largest label and one.</summary>
    public abstract int Classes { get; }

    /// <summary>What the classes are called, in the order of their labels; empty where the data don't say.</summary>
    public virtual IReadOnlyList<string> ClassNames => [];

    /// <summary>The normalization that the copied inputs have had; null for none.</summary>
    public abstract Normalization? Normalization { get; }

    /// <summary>The end of the description: the place that the data came from.</summary>
    internal abstract string Source { get; }

    /// <summary>How many examples of how many.</summary>
    internal abstract string Selection { get; }

    /// <summary>Whether the inputs are pixels scaled from bytes to [0, 1].</summary>
    internal abstract bool IsImage { get; }

    private string NotNormalized => IsImage ? "pixels in [0, 1]" : "not normalized";

    private string InputUnit => IsImage ? ", x in [0, 1]" : "";

    /// <summary>
    /// What is wrong where the same label means another class in other data, as where a folder is missing there; null where nothing is, or
    /// where either set has no names.
    /// </summary>
    public string? ClassProblem(DataSet other) =>
        ClassNames.Count == 0 || other.ClassNames.Count == 0 || ClassNames.SequenceEqual(other.ClassNames) ? null
        : $"the classes of {Name} are {Message.Listed(ClassNames)}, and those of {other.Name} {Message.Listed(other.ClassNames)}: give "
            + "both the same, for the same label would mean another class";

    /// <summary>An example's number in the whole of the data, of which this may be a random subset.</summary>
    /// <param name="index">Its number here, 0 … <see cref="Count"/> − 1.</param>
    public virtual int IndexInWhole(int index) => index;

    /// <summary>Copies the inputs of some examples, one after the other, row by row.</summary>
    /// <param name="indices">The examples' numbers, 0 … <see cref="Count"/> − 1, in any order, repeated at will.</param>
    /// <param name="destination">At least as many numbers as indices × <see cref="ExampleSize"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such example.</exception>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public abstract void CopyInputs(ReadOnlySpan<int> indices, Span<float> destination);

    /// <inheritdoc cref="CopyInputs(ReadOnlySpan{int}, Span{float})"/>
    public abstract void CopyInputs(ReadOnlySpan<int> indices, Span<double> destination);

    /// <summary>
    /// A random subset without replacement, a function of the set's size, the limit and the seed alone. With one
    /// seed, a smaller subset is the beginning of a larger one. The whole set when the limit is not smaller.
    /// </summary>
    /// <exception cref="OccamException">The limit is not positive.</exception>
    public DataSet Subset(int limit, int seed)
    {
        if (limit <= 0)
        {
            throw new OccamException($"the limit of {limit} examples leaves nothing to measure: give at least 1");
        }

        return limit >= Count ? this : new SubsetDataSet(this, new SeededRandom(seed).Choose(limit, Count), seed);
    }

    /// <summary>Consecutive examples.</summary>
    /// <param name="first">The number of the first.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public DataSet Range(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - first);
        return count == Count ? this : new RangeDataSet(this, first, count);
    }

    /// <summary>The same examples with other labels, among the classes that the set has.</summary>
    /// <param name="labels">Each example's class. The array is kept, not copied.</param>
    /// <param name="how">What labels they are, for the description: <c>random labels (seed 3)</c>.</param>
    /// <exception cref="OccamException">They are not as many as the examples, or one is not a class of the set.</exception>
    public DataSet WithLabels(int[] labels, string how)
    {
        if (labels.Length != Count)
        {
            throw new OccamException($"{Name} has {Count} examples, and {labels.Length} labels were given: give one for each");
        }

        var relabelled = new RelabelledDataSet(this, labels, how);
        relabelled.RequireLabels(Classes);
        return relabelled;
    }

    /// <summary>
    /// The same examples with their labels at one position, where each has one for every position and that one counts in all; the set
    /// itself where not.
    /// </summary>
    /// <param name="position">The position from 0; negative from the end.</param>
    /// <param name="name">What the position is called, for the description: <c>the last position</c>.</param>
    internal DataSet AtPosition(long position, string name)
    {
        if (PositionLabels is not { } all || PositionShape is not [var positions] || position >= positions || position < -positions)
        {
            return this;
        }

        var at = (int)(position < 0 ? position + positions : position);
        int[] labels = [.. Enumerable.Range(0, Count).Select(example => all[(example * positions) + at])];
        return labels.Contains(Ignored) ? this : new RelabelledDataSet(this, labels, $"the labels of {name}");
    }

    /// <summary>The same examples with further arrays by name, for networks of several inputs.</summary>
    /// <param name="name">What the network calls the input that this set's own numbers go into.</param>
    /// <param name="others">Sets of as many examples, by the names of the inputs that they go into.</param>
    /// <exception cref="OccamException">One has another number of examples.</exception>
    public DataSet With(string name, IReadOnlyDictionary<string, DataSet> others) =>
        others.FirstOrDefault(other => other.Value.Count != Count) is { Key: { } odd, Value: { } wrong }
            ? throw new OccamException($"'{odd}' has {wrong.Count} rows, and {Name} has {Count} examples: give a row for each")
            : new SeveralArrays(this, name, others);

    /// <summary>The labels, for what can't do without them.</summary>
    /// <param name="classes">How many classes there may be, the network's outputs; null for any number.</param>
    /// <exception cref="OccamException">There are no labels, or one is not below <paramref name="classes"/>.</exception>
    public int[] RequireLabels(int? classes = null)
    {
        var labels = Labels ?? throw new OccamException(PositionLabels is not null
            ? $"{Name} has labels of shape n × {Message.Shape(PositionShape)}, and one class number for each example is needed here (of a "
                + "one-hot y its argmax)"
            : Targets is null
            ? $"{Name} has no labels, which are needed here: give data with labels (in npz, an integer array y)"
            : $"{Name} has real targets but no class labels, which are needed here: store y as integers");
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] >= classes)
            {
                throw new OccamException(
                    $"{Name}: the label of example {i} is {labels[i]}, but there are {classes} outputs: labels must be 0 to {classes - 1}");
            }
        }

        return labels;
    }

    /// <summary>A data set of single-precision numbers in memory, row by row. The arrays are kept, not copied.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="shape">The shape of one example.</param>
    /// <param name="x">The inputs, examples × the product of the shape.</param>
    /// <param name="labels">Each example's class, if there are any.</param>
    /// <param name="targets">Each example's real targets, examples × targets, if there are any.</param>
    /// <exception cref="OccamException">The sizes don't fit each other, an input or target is not finite, a label is negative, or there is
    /// nothing.</exception>
    public static DataSet FromArrays(string name, IReadOnlyList<int> shape, float[] x, int[]? labels = null, double[]? targets = null) =>
        new ArrayDataSet<float>(DataSetFacts.InMemory(name, shape, x.Length, labels, targets), x);

    /// <inheritdoc cref="FromArrays(string, IReadOnlyList{int}, float[], int[], double[])"/>
    /// <summary>A data set of double-precision numbers in memory, row by row. The arrays are kept, not copied.</summary>
    public static DataSet FromArrays(string name, IReadOnlyList<int> shape, double[] x, int[]? labels = null, double[]? targets = null) =>
        new ArrayDataSet<double>(DataSetFacts.InMemory(name, shape, x.Length, labels, targets), x);

    /// <summary>Checks the arguments of a copy.</summary>
    private protected void CheckCopy(ReadOnlySpan<int> indices, int destinationLength)
    {
        if (destinationLength < (long)indices.Length * ExampleSize)
        {
            throw new ArgumentException($"{indices.Length} examples of {ExampleSize} inputs don't fit into {destinationLength} places");
        }

        foreach (var index in indices)
        {
            if ((uint)index >= (uint)Count)
            {
                throw new ArgumentOutOfRangeException(nameof(indices), index, $"there are examples 0 to {Count - 1}");
            }
        }
    }
}
