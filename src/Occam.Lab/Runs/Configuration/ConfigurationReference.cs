using System.Collections.Immutable;
using System.Text;
using Occam.Measures;

namespace Occam.Lab.Runs.Configuration;

/// <summary>Every key of a configuration with its meaning, out of the records themselves and their doc comments.</summary>
public static class ConfigurationReference
{
    /// <summary>The reference as Markdown: a table for each mapping.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder();
        var pending = new Queue<(string Title, Type Type, string? Id)>([("A configuration", typeof(RunConfiguration), null)]);
        var seen = new HashSet<Type>();
        while (pending.TryDequeue(out var next))
        {
            if (!seen.Add(next.Type))
            {
                continue;
            }

            text.Append($"### {next.Title}\n\n");
            if (next.Id is not null)
            {
                text.Append($"{DocComments.Of(next.Type)}\n\n");
            }

            Table(text, next.Type);
            foreach (var key in ConfigurationShape.Of(next.Type).Keys)
            {
                var type = key.Type.IsGenericType ? key.Type.GenericTypeArguments[0] : key.Type;
                if (ConfigurationText.IsOne(type))
                {
                    continue;
                }

                if (!ConfigurationShape.IsFamily(type))
                {
                    pending.Enqueue(($"`{key.Name}`", type, null));
                    continue;
                }

                // A catalogue tells more of its members than their keys.
                var isListed = ConfigurationShape.Catalogue(type) is not null;
                foreach (var (id, member) in ConfigurationShape.Members(type))
                {
                    if (!isListed || !ConfigurationShape.Of(member).Keys.IsEmpty)
                    {
                        pending.Enqueue(($"`{key.Name}`: `{id}`", member, isListed ? null : id));
                    }
                }
            }
        }

        return text.ToString().TrimEnd() + "\n";
    }

    /// <summary>The parameters of a measure, as its keys are.</summary>
    public static ImmutableArray<MeasureParameterText> ParametersOf(Measure measure)
    {
        var shape = ConfigurationShape.Of(measure.GetType());
        return
        [
            .. shape.Keys.Select(key => new MeasureParameterText(
                key.Name, Expected(key).Replace("`", ""), shape.Default(key) is { } value ? ConfigurationText.Write(value) : null,
                DocComments.Of(key).Replace("`", ""))),
        ];
    }

    private static void Table(StringBuilder text, Type type)
    {
        var shape = ConfigurationShape.Of(type);
        if (shape.Keys.IsEmpty)
        {
            text.Append("No keys but its `id`.\n\n");
            return;
        }

        text.Append("| key | what | value |\n| --- | --- | --- |\n");
        foreach (var key in shape.Keys)
        {
            text.Append($"| `{key.Name}` | {DocComments.Of(key).Replace("|", "\\|")} | {Expected(key)}{Default(shape, key)} |\n");
        }

        text.Append('\n');
    }

    private static string Expected(ConfigurationKey key)
    {
        var isList = ConfigurationShape.IsList(key.Type);
        var type = isList ? key.Type.GenericTypeArguments[0] : key.Type;
        var one = ConfigurationShape.Catalogue(type) is { } command ? $"an id, or a mapping of its `id` and parameters, see `{command}`"
            : ConfigurationText.IsOne(type) ? ConfigurationText.Expected(type).Replace("|", "\\|")
            : !ConfigurationShape.IsFamily(type) ? "a mapping, see below"
            : ConfigurationShape.Members(type) is { IsEmpty: false } family ? string.Join(", ", family.Keys.Select(id => $"`{id}`"))
            : "none yet";
        return isList ? $"a list of: {one}" : one;
    }

    private static string Default(ConfigurationShape shape, ConfigurationKey key)
    {
        if (!key.IsOptional)
        {
            return "; required";
        }

        var value = shape.Default(key);
        return value is not null && (ConfigurationText.IsOne(value.GetType())
            || TextForm.All.Keys.Any(type => type.IsInstanceOfType(value))) ? $"; default `{ConfigurationText.Write(value)}`" : "";
    }
}
