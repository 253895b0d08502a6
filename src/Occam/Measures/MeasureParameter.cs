using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;

namespace Occam.Measures;

/// <summary>A parameter of a measure, as its constructor takes it.</summary>
/// <param name="Name">The kebab-case name used in commands and files.</param>
/// <param name="Value">Its value.</param>
/// <param name="Default">Its value where none is given.</param>
public sealed record MeasureParameter(string Name, object? Value, object? Default)
{
    private static readonly ConcurrentDictionary<Type, ImmutableArray<(ParameterInfo Parameter, PropertyInfo Property)>> s_known = new();

    /// <summary>Whether the value is the default.</summary>
    public bool IsDefault => Equals(Value, Default);

    /// <summary>The value as it is written.</summary>
    public string Text => TextOf(Value);

    /// <summary>The name and the value, as <c>--measures</c> takes them in parentheses: <c>p=1</c>, <c>grid=[0.001, 0.01]</c>.</summary>
    public override string ToString() => $"{Name}={Text}";

    /// <summary>The parameters of a measure, in their order.</summary>
    internal static ImmutableArray<MeasureParameter> Of(Measure measure) =>
    [
        .. s_known.GetOrAdd(measure.GetType(), Find).Select(pair =>
            new MeasureParameter(KebabCase.Kebab(pair.Property.Name), pair.Property.GetValue(measure), pair.Parameter.DefaultValue)),
    ];

    private static ImmutableArray<(ParameterInfo, PropertyInfo)> Find(Type type) =>
    [
        .. Family.Constructor(type).GetParameters().Select(parameter => (parameter, type.GetProperty(parameter.Name!)!)),
    ];

    private static string TextOf(object? value) => value switch
    {
        double.PositiveInfinity => "inf",
        bool truth => truth ? "true" : "false",
        Enum choice => KebabCase.Kebab(choice.ToString()),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        string text => text,
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(TextOf))}]",
        _ => $"{value}",
    };
}
