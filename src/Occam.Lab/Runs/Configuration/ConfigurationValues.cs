using System.Collections;
using System.Globalization;
using Occam.Measures;

namespace Occam.Lab.Runs.Configuration;

/// <summary>A configuration as pairs of a key's path and a value, defaults among them: for comparing and for queries.</summary>
internal static class ConfigurationValues
{
    /// <summary>The pairs in the order of the keys.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(object record, string path = "")
    {
        var type = record.GetType();
        if (type.GetProperty("Id") is not null && ConfigurationShape.IsFamily(type.BaseType!))
        {
            yield return KeyValuePair.Create(Join(path, ConfigurationShape.Id), ConfigurationShape.IdOf(record));
        }

        var shape = ConfigurationShape.Of(type);
        foreach (var key in shape.Keys)
        {
            foreach (var pair in Below(shape.Get(record, key), Join(path, key.Name)))
            {
                yield return pair;
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Below(object? value, string path) => value switch
    {
        null => [],
        // A table of values has infinity by the name that programs read; a configuration has YAML's.
        double number => [KeyValuePair.Create(path, number.ToString(CultureInfo.InvariantCulture))],
        _ when ConfigurationText.IsOne(value.GetType()) || TextForm.All.Keys.Any(type => type.IsInstanceOfType(value)) =>
            [KeyValuePair.Create(path, ConfigurationText.Write(value))],
        Measure measure => [KeyValuePair.Create(path, measure.Name)],
        IEnumerable list => list.Cast<object>().SelectMany((item, i) => Below(item, $"{path}.{i}")),
        _ => Of(value, path),
    };

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
