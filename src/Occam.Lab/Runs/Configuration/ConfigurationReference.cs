using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Occam.Lab.Runs.Configuration;

/// <summary>Every key of a configuration with its meaning, out of the records themselves and their doc comments.</summary>
public static partial class ConfigurationReference
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
                text.Append($"{Summary(next.Type)}\n\n");
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

                foreach (var (id, member) in ConfigurationShape.Members(type))
                {
                    pending.Enqueue(($"`{key.Name}`: `{id}`", member, id));
                }
            }
        }

        return text.ToString().TrimEnd() + "\n";
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
            text.Append($"| `{key.Name}` | {Meaning(key)} | {Expected(key)}{Default(shape, key)} |\n");
        }

        text.Append('\n');
    }

    private static string Expected(ConfigurationKey key)
    {
        var isList = key.Type.IsGenericType;
        var type = isList ? key.Type.GenericTypeArguments[0] : key.Type;
        var one = ConfigurationText.IsOne(type) ? ConfigurationText.Expected(type).Replace("|", "\\|")
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
        return value is not null && (ConfigurationText.IsOne(value.GetType()) || TextForm.All.Keys.Any(type => type.IsInstanceOfType(value))) ? $"; default `{ConfigurationText.Write(value)}`" : "";
    }

    private static string Meaning(ConfigurationKey key)
    {
        for (var at = key.Owner; at is not null; at = at.BaseType)
        {
            if (at.GetProperty(key.Member, System.Reflection.BindingFlags.DeclaredOnly | System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public) is null)
            {
                continue;
            }

            var name = at.FullName!;
            var said = Comments(at).Elements().FirstOrDefault(member => (string?)member.Attribute("name") == $"P:{name}.{key.Member}")?.Element("summary")
                ?? Comments(at).Elements().FirstOrDefault(member => (string?)member.Attribute("name") == $"T:{name}")?.Elements("param").FirstOrDefault(param => (string?)param.Attribute("name") == key.Member);
            return Plain(said);
        }

        return "";
    }

    private static string Summary(Type type) =>
        Plain(Comments(type).Elements().FirstOrDefault(member => (string?)member.Attribute("name") == $"T:{type.FullName}")?.Element("summary"));

    // The compiler puts the comments beside the assembly.
    private static XElement Comments(Type type)
    {
        var path = Path.ChangeExtension(type.Assembly.Location, ".xml");
        return File.Exists(path) ? XDocument.Load(path).Root!.Element("members")! : new XElement("members");
    }

    private static string Plain(XElement? element)
    {
        if (element is null)
        {
            return "";
        }

        return Spaces().Replace(Text(element), " ").Trim().Replace("|", "\\|");
    }

    private static string Text(XElement element) => string.Concat(element.Nodes().Select(node => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see => see.Attribute("cref")?.Value is { } cref ? $"`{KebabCase.Kebab(cref[(cref.LastIndexOf('.') + 1)..])}`" : see.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement inner => $" {Text(inner)} ",
        _ => "",
    }));

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
