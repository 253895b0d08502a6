using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Occam.Lab.Runs.Configuration;

/// <summary>
/// The keys of a record, from its constructor's parameters and its settable properties; and the records of a family
/// such as the optimizers, each under its id. A new member or a new record is found without a word here. The keys of a
/// <see cref="FlattenedAttribute"/> record are its holder's.
/// </summary>
internal sealed class ConfigurationShape
{
    private const string IdKey = "id";
    private static readonly ConcurrentDictionary<Type, ConfigurationShape> s_shapes = new();
    private static readonly ConcurrentDictionary<Type, ImmutableSortedDictionary<string, Type>> s_members = new();

    private readonly ConstructorInfo _constructor;
    private readonly Type _type;

    private ConfigurationShape(Type type)
    {
        _type = type;
        _constructor = Family.Constructor(type);
        var parameters = _constructor.GetParameters();
        Keys =
        [
            .. parameters.Select(parameter => new ConfigurationKey(
                KebabCase.Kebab(parameter.Name!), parameter.Name!, Plain(parameter.ParameterType), parameter.HasDefaultValue, true, type)),
            .. type.GetProperties()
                .Where(property => property.SetMethod is { IsPublic: true }
                    && !parameters.Any(parameter => parameter.Name == property.Name))
                .SelectMany(property => property.GetCustomAttribute<FlattenedAttribute>() is { } flattened ? Flatten(property, flattened) :
                [
                    new ConfigurationKey(
                        KebabCase.Kebab(property.Name), property.Name, Plain(property.PropertyType),
                        !property.IsDefined(typeof(RequiredMemberAttribute)), false, type),
                ]),
        ];
    }

    /// <summary>The keys in their order.</summary>
    public ImmutableArray<ConfigurationKey> Keys { get; }

    /// <summary>The shape of a record.</summary>
    public static ConfigurationShape Of(Type type) => s_shapes.GetOrAdd(type, static type => new ConfigurationShape(type));

    /// <summary>The records of a family by their ids, where a type is one.</summary>
    public static ImmutableSortedDictionary<string, Type> Members(Type type) => s_members.GetOrAdd(
        type,
        static type => Family.Types(type, type.Assembly, typeof(ConfigurationShape).Assembly)
            .Where(member => member.IsPublic)
            .ToImmutableSortedDictionary(member => IdOf(Family.Prototype(member)), member => member, StringComparer.Ordinal));

    /// <summary>Whether a type is a family of records, distinguished by their ids.</summary>
    public static bool IsFamily(Type type) => type.IsAbstract && type.GetProperty("Id") is not null;

    /// <summary>The id of a family's member that is meant where none is given; null where one must be.</summary>
    public static string? DefaultId(Type family) => family.GetField(nameof(DefaultId))?.GetRawConstantValue() as string;

    /// <summary>The command that lists a family's members, where they are too many to be listed in a message; otherwise null.</summary>
    public static string? Catalogue(Type family) => family.GetField(nameof(Catalogue))?.GetRawConstantValue() as string;

    /// <summary>Whether a type is a list of values.</summary>
    public static bool IsList(Type type) =>
        type.IsGenericType
            && (type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) || type.GetGenericTypeDefinition() == typeof(ValueList<>));

    /// <summary>The id of a family's member.</summary>
    public static string IdOf(object record) => (string)record.GetType().GetProperty("Id")!.GetValue(record)!;

    /// <summary>The key that names a member of a family.</summary>
    public static string Id => IdKey;

    /// <summary>The value of a key where it is left out.</summary>
    public object? Default(ConfigurationKey key) =>
        key.Holder is not null ? Of(key.Owner).Default(key with { Holder = null })
        : key.IsParameter ? Parameter(key).DefaultValue : Get(Family.Prototype(_type), key);

    /// <summary>The value of a key.</summary>
    public object? Get(object record, ConfigurationKey key) =>
        key.Owner.GetProperty(key.Member)!.GetValue(key.Holder is null ? record : key.Holder.GetValue(record));

    /// <summary>Makes a record of values by member.</summary>
    public object Make(IReadOnlyDictionary<string, object?> values)
    {
        var record = _constructor.Invoke(
            [.. Keys.Where(key => key.IsParameter).Select(key => values.TryGetValue(key.Member, out var value) ? value : Default(key))]);
        foreach (var key in Keys.Where(key => !key.IsParameter && key.Holder is null && values.ContainsKey(key.Member)))
        {
            _type.GetProperty(key.Member)!.SetValue(record, values[key.Member]);
        }

        foreach (var holder in Keys.Select(key => key.Holder).OfType<PropertyInfo>().Distinct())
        {
            holder.SetValue(record, Of(holder.PropertyType).Make(values));
        }

        return record;
    }

    private static IEnumerable<ConfigurationKey> Flatten(PropertyInfo holder, FlattenedAttribute flattened)
    {
        var renamed = holder.GetCustomAttributes<RenamedAttribute>().ToDictionary(name => name.Member, name => name.Key);
        return Of(holder.PropertyType).Keys.Where(key => !flattened.Without.Contains(key.Member))
            .Select(key => key with { Name = renamed.GetValueOrDefault(key.Member, key.Name), Holder = holder });
    }

    private ParameterInfo Parameter(ConfigurationKey key) => _constructor.GetParameters().First(parameter => parameter.Name == key.Member);

    private static Type Plain(Type type) => Nullable.GetUnderlyingType(type) ?? type;
}
