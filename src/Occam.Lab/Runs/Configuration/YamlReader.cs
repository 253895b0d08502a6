using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Occam.Lab.Runs.Configuration;

/// <summary>
/// Makes nodes of YAML, event by event and without recursion. The text may be anybody's: how deep it is and how many values
/// it has, those that aliases repeat among them, are counted before anything is made.
/// </summary>
internal sealed class YamlReader(Func<Mark, Place> place)
{
    /// <summary>How deep lists and mappings may stand in each other.</summary>
    public const int Deepest = 64;

    /// <summary>How many values a text may have; an alias counts as often as it repeats them.</summary>
    public const int MostValues = 100_000;

    private readonly Dictionary<string, Known> _anchors = [];
    private readonly Stack<Open> _open = new();
    private readonly HashSet<string> _unfinished = [];
    private ConfigurationNode? _document;
    private int _documents;
    private int _values;

    /// <summary>The node that a text is; a mapping of nothing where the text is empty.</summary>
    /// <exception cref="YamlException">It isn't YAML, or more than a configuration can be.</exception>
    public ConfigurationNode Read(string text)
    {
        if (text.IndexOf('\0') is >= 0 and var zero)
        {
            var at = new Mark(zero, text.AsSpan(0, zero).Count('\n') + 1, zero - text.LastIndexOf('\n', zero));
            throw new YamlException(at, at, "a zero byte stands in it, where YAML would end in silence");
        }

        var parser = new Parser(new StringReader(text));
        while (Next(parser) is { } part)
        {
            Take(part);
        }

        return _document ?? new MappingNode(place(Mark.Empty), []);
    }

    // The parser answers some mistakes with exceptions of the framework.
    private static ParsingEvent? Next(Parser parser)
    {
        try
        {
            return parser.MoveNext() ? parser.Current : null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            var at = parser.Current?.End ?? Mark.Empty;
            throw new YamlException(at, at, $"this can't be read: {e.Message}");
        }
    }

    private void Take(ParsingEvent part)
    {
        switch (part)
        {
            case DocumentStart:
                _documents++;
                break;
            case NodeEvent when _documents > 1:
                throw Wrong(part, "a second document begins here: expected one");
            case Scalar scalar when HasHalfOfACharacter(scalar.Value):
                throw Wrong(part, "half of a character stands in it: a surrogate without its other one");
            case Scalar scalar:
                Count(part, 1);
                var isQuoted = scalar.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted;
                Add(part, Name(scalar), new Known(new TextNode(place(part.Start), scalar.Value, isQuoted), 1, 0));
                break;
            case SequenceStart or MappingStart:
                Count(part, 1);
                Begin((NodeEvent)part);
                break;
            case SequenceEnd or MappingEnd:
                End(part);
                break;
            case AnchorAlias alias:
                var known = Anchored(alias);
                Count(part, known.Values);
                Add(part, null, known);
                break;
        }
    }

    /// <summary>Whether a surrogate stands without its other one, which is no text, and can't be written.</summary>
    public static bool HasHalfOfACharacter(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text, i))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return true;
            }
        }

        return false;
    }

    private void Begin(NodeEvent start)
    {
        CheckDepth(start, 1);
        if (_open.TryPeek(out var parent) && parent.IsMapping && parent.Key is null)
        {
            throw Wrong(start, "a key must be a word");
        }

        var name = Name(start);
        if (name is not null)
        {
            _unfinished.Add(name);
        }

        _open.Push(new Open(start, name));
    }

    private void End(ParsingEvent end)
    {
        var open = _open.Pop();
        var where = place(open.Start.Start);
        ConfigurationNode node = open.IsMapping ? new MappingNode(where, [.. open.Entries]) : new ListNode(where, [.. open.Items]);
        if (open.Name is not null)
        {
            _unfinished.Remove(open.Name);
        }

        Add(end, open.Name, new Known(node, open.Values + 1, open.Height + 1));
    }

    private void Add(ParsingEvent part, string? name, Known known)
    {
        if (name is not null)
        {
            _anchors[name] = known;
        }

        if (!_open.TryPeek(out var parent))
        {
            _document = known.Node;
            return;
        }

        CheckDepth(part, known.Height);
        parent.Values += known.Values;
        parent.Height = Math.Max(parent.Height, known.Height);
        if (!parent.IsMapping)
        {
            parent.Items.Add(known.Node);
        }
        else if (parent.Key is { } key)
        {
            parent.Entries.Add(new MappingEntry(key.Text, key.Where, known.Node));
            parent.Key = null;
        }
        else
        {
            parent.Key = known.Node as TextNode ?? throw Wrong(part, "a key must be a word");
            if (!parent.Keys.Add(parent.Key.Text))
            {
                throw Wrong(part, $"the key {parent.Key.Kind} is there twice");
            }
        }
    }

    private Known Anchored(AnchorAlias alias)
    {
        var name = alias.Value.Value;
        return _unfinished.Contains(name) ? throw Wrong(alias, $"the alias {Quoted(name)} stands in what it refers to, which has no end")
            : _anchors.TryGetValue(name, out var known) ? known
            : throw Wrong(alias, $"the alias {Quoted(name)} refers to nothing before it");
    }

    private void Count(ParsingEvent part, int values)
    {
        _values += values;
        if (_values > MostValues)
        {
            throw Wrong(part, $"there are more than {MostValues} values, those that aliases repeat among them: is it another file?");
        }
    }

    private void CheckDepth(ParsingEvent part, int more)
    {
        if (_open.Count + more > Deepest)
        {
            throw Wrong(part, $"lists and mappings stand more than {Deepest} deep in each other: is it another file?");
        }
    }

    private static string? Name(NodeEvent part) => part.Anchor.IsEmpty ? null : part.Anchor.Value;

    private static string Quoted(string name) => new TextNode(new Place(""), $"*{name}", false).Kind;

    private static YamlException Wrong(ParsingEvent part, string message) => new(part.Start, part.End, message);

    // A finished node, how many values it has and how deep they stand.
    private readonly record struct Known(ConfigurationNode Node, int Values, int Height);

    // A list or a mapping that hasn't ended yet.
    private sealed class Open(NodeEvent start, string? name)
    {
        public NodeEvent Start { get; } = start;

        public string? Name { get; } = name;

        public bool IsMapping => Start is MappingStart;

        public ImmutableArray<ConfigurationNode>.Builder Items { get; } = ImmutableArray.CreateBuilder<ConfigurationNode>();

        public ImmutableArray<MappingEntry>.Builder Entries { get; } = ImmutableArray.CreateBuilder<MappingEntry>();

        public HashSet<string> Keys { get; } = [];

        public TextNode? Key { get; set; }

        public int Values { get; set; }

        public int Height { get; set; }
    }
}
