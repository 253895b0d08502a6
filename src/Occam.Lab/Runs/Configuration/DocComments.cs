using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Occam.Lab.Runs.Configuration;

/// <summary>Doc comments as plain text, code in back quotes, out of the files that the compiler puts beside the assemblies.</summary>
internal static partial class DocComments
{
    private const BindingFlags Own = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Public;

    private static readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> s_files = new();

    /// <summary>The summary of a type; empty where there is none.</summary>
    public static string Of(Type type) => Plain(Find(type, $"T:{type.FullName}")?.Element("summary"));

    /// <summary>What is said of a key where its member is declared: its summary, or the record's parameter.</summary>
    public static string Of(ConfigurationKey key)
    {
        var type = key.Owner;
        while (type is not null && type.GetProperty(key.Member, Own) is null)
        {
            type = type.BaseType;
        }

        return type is null ? "" : Plain(
            Find(type, $"P:{type.FullName}.{key.Member}")?.Element("summary")
            ?? Find(type, $"T:{type.FullName}")?.Elements("param").FirstOrDefault(param => (string?)param.Attribute("name") == key.Member));
    }

    private static XElement? Find(Type type, string name) => s_files.GetOrAdd(type.Assembly, Read).GetValueOrDefault(name);

    private static Dictionary<string, XElement> Read(Assembly assembly)
    {
        var path = Path.ChangeExtension(assembly.Location, ".xml");
        return File.Exists(path)
            ? XDocument.Load(path).Root!.Element("members")!.Elements().ToDictionary(member => (string)member.Attribute("name")!)
            : [];
    }

    private static string Plain(XElement? element) => element is null ? "" : Spaces().Replace(Text(element), " ").Trim();

    private static string Text(XElement element) => string.Concat(element.Nodes().Select(node => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see => see.Attribute("cref")?.Value is { } cref
            ? $"`{KebabCase.Kebab(cref[(cref.LastIndexOf('.') + 1)..])}`" : see.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement inner => $" {Text(inner)} ",
        _ => "",
    }));

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
