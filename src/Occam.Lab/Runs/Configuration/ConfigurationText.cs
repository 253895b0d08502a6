using System.Globalization;

namespace Occam.Lab.Runs.Configuration;

/// <summary>Single values of a configuration: numbers, words, choices.</summary>
internal static class ConfigurationText
{
    /// <summary>Whether a type is written as one text.</summary>
    public static bool IsOne(Type type) => type.IsEnum || type.IsPrimitive || type == typeof(string) || TextForm.All.ContainsKey(type);

    /// <summary>What to write for a type.</summary>
    public static string Expected(Type type) =>
        TextForm.All.TryGetValue(type, out var form) ? form.Expected
        : type.IsEnum ? string.Join(", ", Enum.GetNames(type).Select(name => $"`{KebabCase.Kebab(name)}`"))
        : type == typeof(bool) ? "`true` or `false`"
        : type == typeof(int) || type == typeof(long) ? "a whole number"
        : type == typeof(double) ? "a number"
        : "a text";

    /// <summary>Reads a value.</summary>
    /// <exception cref="OccamException">It is of another type.</exception>
    public static object Parse(Type type, TextNode node)
    {
        var text = node.Text.Trim();
        object? value =
            TextForm.All.TryGetValue(type, out var form) ? form.Parse(text)
            : type == typeof(string) ? node.Text
            : type.IsEnum ? Enum.GetNames(type).FirstOrDefault(name => KebabCase.Kebab(name) == text) is { } member
                ? Enum.Parse(type, member)
                : null
            : type == typeof(bool) ? text switch { "true" => true, "false" => false, _ => null }
            : type == typeof(int) ? int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var small)
                ? small
                : null
            : type == typeof(long) ? long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var large)
                ? large
                : null
            : type == typeof(double) && text is ".inf" or "+.inf" or "inf" or "∞" ? double.PositiveInfinity
            : type == typeof(double) ? double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && !double.IsNaN(number) ? number : null
            : throw new NotSupportedException($"no value of a configuration is of the type {type}");
        return value ?? throw new OccamException($"{node.Kind} is {(type.IsEnum ? "none of" : "not")} {Expected(type).Replace("`", "'")}");
    }

    /// <summary>Writes a value so that it can be read again.</summary>
    public static string Write(object value) =>
        TextForm.All.FirstOrDefault(pair => pair.Key.IsInstanceOfType(value)).Value is { } form ? form.Write(value)
        : value switch
        {
            bool truth => truth ? "true" : "false",
            double.PositiveInfinity => ".inf",
            Enum choice => KebabCase.Kebab(choice.ToString()),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };
}
