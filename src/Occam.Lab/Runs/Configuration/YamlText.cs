using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;
using YamlDotNet.Serialization;

namespace Occam.Lab.Runs.Configuration;

/// <summary>Reads YAML into nodes that know their places, and writes them.</summary>
internal static class YamlText
{
    /// <summary>Reads one document.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="place">The place of a line and a column.</param>
    /// <exception cref="YamlException">It isn't YAML, or more than a configuration can be.</exception>
    public static ConfigurationNode Read(string text, Func<Mark, Place> place) => new YamlReader(place).Read(text);

    /// <summary>Writes nodes as YAML.</summary>
    public static string Write(ConfigurationNode node) => new SerializerBuilder().Build().Serialize(Plain(node));

    /// <summary>Writes nodes as YAML in one line, as <c>--set</c> takes it.</summary>
    public static string WriteLine(ConfigurationNode node) => node switch
    {
        TextNode text =>
            text.IsQuoted || text.Text.IndexOfAny([',', '[', ']', '{', '}', '#', ':', '\'', '"', '\n']) >= 0 ? Quote(text.Text) : text.Text,
        ListNode list => $"[{string.Join(", ", list.Items.Select(WriteLine))}]",
        MappingNode mapping =>
            $"{{ {string.Join(", ", mapping.Entries.Select(entry => $"{Quote(entry.Key)}: {WriteLine(entry.Value)}"))} }}",
        _ => throw new NotSupportedException($"{node.Kind} can't be written"),
    };

    private static string Quote(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n")}\"";

    private static YamlNode Plain(ConfigurationNode node) => node switch
    {
        TextNode { IsNull: true } => new YamlScalarNode("null") { Style = ScalarStyle.Plain },
        TextNode text => new YamlScalarNode(text.Text) { Style = text.IsQuoted ? ScalarStyle.DoubleQuoted : ScalarStyle.Any },
        ListNode list => new YamlSequenceNode(list.Items.Select(Plain))
        {
            Style = list.Items.All(item => item is TextNode) ? SequenceStyle.Flow : SequenceStyle.Block,
        },
        MappingNode mapping =>
            new YamlMappingNode(mapping.Entries.SelectMany(entry => new[] { new YamlScalarNode(entry.Key), Plain(entry.Value) })),
        _ => throw new NotSupportedException($"{node.Kind} can't be written"),
    };
}
