using System.Collections.Immutable;

namespace Occam.Data;

/// <summary>What is known of a data set beside its inputs. Making one checks that the parts fit each other.</summary>
internal sealed class DataSetFacts
{
    /// <summary>A sane upper bound of a label; beyond it, a file of other numbers was taken for labels.</summary>
    public const int LargestLabel = 999_999;

    /// <summary>Makes the facts, checked.</summary>
    /// <exception cref="OccamException">The data are empty or the parts don't fit each other.</exception>
    public DataSetFacts(string name, string source, IReadOnlyList<int> shape, int count, int[]? labels, double[]? targets)
    {
        Name = name;
        Source = source;
        Shape = [.. shape];
        Count = count;
        Labels = labels;
        Targets = targets;
        CheckShape();
        CheckLabels();
        CheckTargets();
    }

    public string Name { get; }

    public string Source { get; }

    /// <summary>How many examples there are, of how many where some are missing.</summary>
    public string Selection =>
        Message.Number(Count) + (WholeCount is { } whole && whole != Count ? $" of {Message.Number(whole)}" : "") + (Count == 1
            ? " example"
            : " examples");

    public int[] Shape { get; }

    public int Count { get; }

    public int[]? Labels { get; }

    public double[]? Targets { get; }

    public int Classes => Labels is not null ? KnownClasses ?? Labels.Max() + 1 : PositionLabels is { } labels ? labels.Max() + 1 : 0;

    /// <inheritdoc cref="DataSet.PositionLabels"/>
    public int[]? PositionLabels { get; init; }

    /// <inheritdoc cref="DataSet.PositionShape"/>
    public IReadOnlyList<int> PositionShape { get; init; } = [];

    /// <inheritdoc cref="DataSet.Others"/>
    public IReadOnlyDictionary<string, DataSet> Others { get; init; } = ImmutableDictionary<string, DataSet>.Empty;

    /// <inheritdoc cref="DataSet.ArrayName"/>
    public string ArrayName { get; init; } = "x";

    /// <summary>Whether the numbers may be infinite or NaN, as those of an attention mask.</summary>
    public bool MayBeInfinite { get; init; }

    /// <summary>The number of classes, where the data set is known; labels must have been held to it.</summary>
    public int? KnownClasses { get; init; }

    /// <inheritdoc cref="DataSet.ClassNames"/>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>How many examples the data set has where all of its files are there.</summary>
    public int? WholeCount { get; init; }

    public Normalization? Normalization { get; init; }

    /// <summary>The number, in a larger set, of the first example, for messages.</summary>
    public int FirstNumber { get; init; }

    /// <summary>The facts of arrays in memory; the number of examples follows from the length.</summary>
    public static DataSetFacts InMemory(string name, IReadOnlyList<int> shape, int length, int[]? labels, double[]? targets)
    {
        var size = shape.Aggregate(1L, (product, dimension) => checked(product * dimension));
        if (size <= 0 || length % size != 0)
        {
            throw new OccamException($"{name}: {length} inputs are not a whole number of examples of shape {Message.Shape(shape)}");
        }

        return new(name, "in memory", shape, (int)(length / size), labels, targets);
    }

    /// <summary>Refuses an input that is not a finite number.</summary>
    /// <exception cref="OccamException">Names the first example that holds one.</exception>
    public void CheckFinite<T>(T[] inputs) where T : unmanaged, System.Numerics.INumberBase<T>
    {
        for (var i = 0; i < inputs.Length && !MayBeInfinite; i++)
        {
            if (!T.IsFinite(inputs[i]))
            {
                var example = FirstNumber + (int)(i / (inputs.Length / (long)Count));
                throw new OccamException(
                    $"{Name}: an input of example {example} is {inputs[i]}; inputs must be finite: mend or remove the example");
            }
        }
    }

    private void CheckShape()
    {
        if (Count == 0)
        {
            throw new OccamException($"{Name} holds no examples; at least one is needed");
        }

        if (Shape.Length == 0 || Shape.Any(dimension => dimension <= 0))
        {
            throw new OccamException(
                $"{Name}: its examples have shape ({Message.Shape(Shape)}), which holds nothing; every dimension must be at least 1");
        }
    }

    private void CheckLabels()
    {
        if (Labels is null)
        {
            return;
        }

        if (Labels.Length != Count)
        {
            throw new OccamException(
                $"{Name} has {Message.Number(Count)} examples but {Message.Number(Labels.Length)} labels; each example needs one");
        }

        var wrong = Array.FindIndex(Labels, label => label is < 0 or > LargestLabel);
        if (wrong >= 0)
        {
            throw new OccamException($"{Name}: the label of example {wrong} is {Labels[wrong]}; labels must be 0 to {LargestLabel}");
        }
    }

    private void CheckTargets()
    {
        if (Targets is null)
        {
            return;
        }

        if (Targets.Length == 0 || Targets.Length % Count != 0)
        {
            throw new OccamException($"{Name} has {Message.Number(Count)} examples but {Message.Number(Targets.Length)} targets; each "
                + "example needs equally many");
        }

        var wrong = Array.FindIndex(Targets, target => !double.IsFinite(target));
        if (wrong >= 0)
        {
            throw new OccamException(
                $"{Name}: a target of example {wrong / (Targets.Length / Count)} is {Targets[wrong]}; targets must be finite");
        }
    }
}
