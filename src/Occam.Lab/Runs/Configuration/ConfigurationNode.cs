using System.Collections.Immutable;

namespace Occam.Lab.Runs.Configuration;

/// <summary>A part of a configuration as it was written: a text, a list or a mapping, and where.</summary>
internal abstract record ConfigurationNode(Place Where)
{
    /// <summary>What it is, in a message.</summary>
    public abstract string Kind { get; }
}

/// <summary>One value.</summary>
internal sealed record TextNode(Place Where, string Text, bool IsQuoted) : ConfigurationNode(Where)
{
    public override string Kind => $"'{PrintableText.Short(Text, 60)}'";

    public bool IsNull => !IsQuoted && Text is "" or "~" or "null";
}

/// <summary>Values one after the other.</summary>
internal sealed record ListNode(Place Where, ImmutableArray<ConfigurationNode> Items) : ConfigurationNode(Where)
{
    public override string Kind => "a list";
}

/// <summary>Values under keys, in the order of writing.</summary>
internal sealed record MappingNode(Place Where, ImmutableArray<MappingEntry> Entries) : ConfigurationNode(Where)
{
    public override string Kind => "a mapping";

    public MappingEntry? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key);

    /// <summary>The same with another value under a key.</summary>
    public MappingNode With(string key, ConfigurationNode value)
    {
        var entry = new MappingEntry(key, value.Where, value);
        var index = Entries.ToList().FindIndex(own => own.Key == key);
        return this with { Entries = index < 0 ? Entries.Add(entry) : Entries.SetItem(index, entry) };
    }
}

/// <summary>A key and what stands under it.</summary>
internal sealed record MappingEntry(string Key, Place Where, ConfigurationNode Value);
