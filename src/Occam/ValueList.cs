using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Occam;

/// <summary>An immutable list that equals any other of the same values, so that records which hold one compare by value.</summary>
/// <typeparam name="T">What is listed.</typeparam>
[CollectionBuilder(typeof(ValueList), nameof(ValueList.Create))]
public sealed class ValueList<T> : IReadOnlyList<T>, IEquatable<ValueList<T>>
{
    private readonly ImmutableArray<T> _items;

    /// <summary>A list of values.</summary>
    public ValueList(ImmutableArray<T> items) => _items = items;

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public T this[int index] => _items[index];

    /// <inheritdoc/>
    public bool Equals(ValueList<T>? other) => other is not null && _items.SequenceEqual(other._items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    /// <inheritdoc/>
    public override int GetHashCode() => _items.Aggregate(0, HashCode.Combine);

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Makes lists out of collection expressions.</summary>
public static class ValueList
{
    /// <summary>A list of values.</summary>
    public static ValueList<T> Create<T>(ReadOnlySpan<T> values) => new([.. values]);
}
