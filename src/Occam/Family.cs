using System.Reflection;
using System.Runtime.CompilerServices;

namespace Occam;

/// <summary>
/// The types that derive from one, such as the theorems or the optimizers, found by reflection: a new one needs no entry anywhere.
/// </summary>
internal static class Family
{
    /// <summary>The concrete types of a family.</summary>
    /// <param name="family">The type that they derive from.</param>
    /// <param name="assemblies">Where they may be.</param>
    public static IEnumerable<Type> Types(Type family, params IEnumerable<Assembly> assemblies) =>
        assemblies.Distinct().SelectMany(assembly => assembly.GetTypes()).Where(type => type.IsSubclassOf(family) && !type.IsAbstract);

    /// <summary>One value of each type of a family that its own assembly has, as <see cref="Prototype"/> makes it.</summary>
    public static IEnumerable<T> Prototypes<T>() => Types(typeof(T), typeof(T).Assembly).Select(Prototype).Cast<T>();

    /// <summary>
    /// A value of a type with the defaults of its constructor's parameters, for what depends on the type alone, such as its id.
    /// A parameter without a default gets the zero of its type, or null: the constructor must not check it.
    /// </summary>
    public static object Prototype(Type type)
    {
        var constructor = Constructor(type);
        return constructor.Invoke([.. constructor.GetParameters().Select(StandIn)]);
    }

    /// <summary>The public constructor with the most parameters, by which the values of a type are made.</summary>
    public static ConstructorInfo Constructor(Type type) =>
        type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!;

    private static object? StandIn(ParameterInfo parameter) =>
        parameter.HasDefaultValue ? parameter.DefaultValue
        : parameter.ParameterType.IsValueType ? RuntimeHelpers.GetUninitializedObject(parameter.ParameterType)
        : null;
}
