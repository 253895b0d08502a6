using System.Collections.Immutable;
using System.Globalization;
using YamlDotNet.Core;

namespace Occam.Lab.Runs.Configuration;

/// <summary>A value set beside a configuration's file: <c>optimizer.learning-rate=0.1</c>, <c>probes.0.every=5 epochs</c>.</summary>
internal sealed record ConfigurationOverride(Place Where, ImmutableArray<string> Path, ConfigurationNode Value)
{
    /// <summary>Reads a setting.</summary>
    /// <exception cref="OccamException">It isn't a path, an equals sign and a value.</exception>
    public static ConfigurationOverride Parse(string text)
    {
        var where = new Place($"--set {PrintableText.Short(text)}");
        var (path, value) = text.IndexOf('=') is > 0 and var at
            ? (text[..at].Trim(), text[(at + 1)..])
            : throw new OccamException("expected a key, '=' and a value, such as optimizer.learning-rate=0.1");
        try
        {
            var steps = path.Split('.');
            if (steps.Length > YamlReader.Deepest)
            {
                throw new OccamException($"the key has {steps.Length} parts: expected one of a configuration, such as "
                    + "optimizer.learning-rate");
            }

            if (YamlReader.HasHalfOfACharacter(path))
            {
                throw new OccamException("half of a character stands in the key: a surrogate without its other one");
            }

            var node = value.Trim().Length == 0 ? new TextNode(where, "", false) : YamlText.Read(value, _ => where);
            return new ConfigurationOverride(where, [.. steps], node);
        }
        catch (YamlException e)
        {
            throw new OccamException($"the value is not YAML: {(e.InnerException ?? e).Reason()}", e);
        }
    }

    /// <summary>The configuration with the value in its place.</summary>
    /// <exception cref="OccamException">The path leads through something that has no keys.</exception>
    public ConfigurationNode Apply(ConfigurationNode root) => Apply(root, 0);

    private ConfigurationNode Apply(ConfigurationNode? node, int depth)
    {
        if (depth == Path.Length)
        {
            return Value;
        }

        switch (node)
        {
            case null or TextNode { IsNull: true }:
                return Apply(Path[depth].All(char.IsAsciiDigit) ? new ListNode(Where, []) : new MappingNode(Where, []), depth);
            case MappingNode mapping:
                return mapping.With(Path[depth], Apply(mapping.Find(Path[depth])?.Value, depth + 1));
            case ListNode list:
                return int.TryParse(Path[depth], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                    && index <= list.Items.Length
                    ? list with
                    {
                        Items = index < list.Items.Length
                        ? list.Items.SetItem(index, Apply(list.Items[index], depth + 1))
                        : list.Items.Add(Apply(null, depth + 1))
                    }
                    : throw new OccamException($"'{string.Join('.', Path.Take(depth))}' is a list of "
                        + $"{list.Items.Length}: expected a number from 0 to {list.Items.Length} in place of '{Path[depth]}'");
            default:
                // The id of a family stands for a mapping with nothing but it: optimizer.momentum=0.9 on optimizer: sgd.
                return Apply(new MappingNode(node.Where, [new MappingEntry(ConfigurationShape.Id, node.Where, node)]), depth);
        }
    }
}
