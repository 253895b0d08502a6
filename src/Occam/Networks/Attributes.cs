using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks;

/// <summary>
/// A node's attributes by name. A value is a <see cref="long"/>, <see cref="double"/>, <see cref="string"/>,
/// <c>long[]</c>, <c>double[]</c>, <c>string[]</c>, a <see cref="Tensor"/> or a <see cref="Networks.Subgraph"/>.
/// </summary>
public sealed class Attributes(ImmutableSortedDictionary<string, object> values)
{
    /// <summary>No attributes.</summary>
    public static Attributes None { get; } = new(ImmutableSortedDictionary<string, object>.Empty);

    /// <summary>All of them.</summary>
    public ImmutableSortedDictionary<string, object> All => values;

    /// <summary>Attributes from name and value.</summary>
    public static Attributes Of(params ReadOnlySpan<(string Name, object Value)> pairs)
    {
        var builder = ImmutableSortedDictionary.CreateBuilder<string, object>(StringComparer.Ordinal);
        foreach (var (name, value) in pairs)
        {
            builder[name] = value;
        }

        return new Attributes(builder.ToImmutable());
    }

    /// <summary>Whether there is one of that name.</summary>
    public bool Has(string name) => values.ContainsKey(name);

    /// <summary>A whole number, or the operator's default.</summary>
    /// <exception cref="OccamException">The attribute is of another type.</exception>
    public long Int(string name, long fallback) => Get(name, fallback);

    /// <summary>A real number, or the operator's default.</summary>
    /// <exception cref="OccamException">The attribute is of another type.</exception>
    public double Float(string name, double fallback) => Get(name, fallback);

    /// <summary>A string, or the operator's default.</summary>
    /// <exception cref="OccamException">The attribute is of another type.</exception>
    public string Text(string name, string fallback) => Get(name, fallback);

    /// <summary>A list of whole numbers, or null.</summary>
    /// <exception cref="OccamException">The attribute is of another type.</exception>
    public long[]? Ints(string name) => Get<long[]?>(name, null);

    /// <summary>A list of real numbers, or null.</summary>
    /// <exception cref="OccamException">The attribute is of another type.</exception>
    public double[]? Floats(string name) => Get<double[]?>(name, null);

    /// <summary>A tensor, or null.</summary>
    /// <exception cref="OccamException">The attribute is of another type.</exception>
    public Tensor? Tensor(string name) => Get<Tensor?>(name, null);

    /// <summary>A graph, or null.</summary>
    /// <exception cref="OccamException">The attribute is of another type.</exception>
    public Subgraph? Subgraph(string name) => Get<Subgraph?>(name, null);

    private T Get<T>(string name, T fallback)
    {
        if (!values.TryGetValue(name, out var value))
        {
            return fallback;
        }

        return value is T typed
            ? typed
            : throw new OccamException($"attribute '{name}' is a {value.GetType().Name} where a {typeof(T).Name} was expected");
    }
}
