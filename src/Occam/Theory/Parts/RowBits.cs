namespace Occam.Theory.Parts;

/// <summary>A row of zeros and ones, compared by its content.</summary>
internal readonly struct RowBits(ulong[] words) : IEquatable<RowBits>
{
    private readonly ulong[] _words = words;

    /// <summary>A row of ones.</summary>
    public static RowBits All(int columns) => Of(columns, _ => true);

    /// <summary>The row with ones at certain columns.</summary>
    public static RowBits Of(int columns, Func<int, bool> isOne)
    {
        var words = new ulong[(columns + 63) / 64];
        for (var column = 0; column < columns; column++)
        {
            if (isOne(column))
            {
                words[column / 64] |= 1UL << (column % 64);
            }
        }

        return new RowBits(words);
    }

    /// <summary>Whether all are zero.</summary>
    public bool IsZero => !_words.AsSpan().ContainsAnyExcept(0UL);

    /// <summary>The one at a column.</summary>
    public bool this[int column] => (_words[column / 64] >> (column % 64) & 1) != 0;

    /// <summary>The ones that both have.</summary>
    public RowBits And(RowBits other)
    {
        var both = new ulong[_words.Length];
        for (var i = 0; i < both.Length; i++)
        {
            both[i] = _words[i] & other._words[i];
        }

        return new RowBits(both);
    }

    /// <inheritdoc/>
    public bool Equals(RowBits other) => _words.AsSpan().SequenceEqual(other._words);

    /// <inheritdoc/>
    public override bool Equals(object? other) => other is RowBits bits && Equals(bits);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var word in _words)
        {
            hash.Add(word);
        }

        return hash.ToHashCode();
    }
}
