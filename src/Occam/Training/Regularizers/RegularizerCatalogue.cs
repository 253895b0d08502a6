using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Occam.Training.Regularizers;

/// <summary>Every regularizer, found by reflection: a new one needs no entry here.</summary>
public static class RegularizerCatalogue
{
    /// <summary>The types of all regularizers, by id.</summary>
    public static ImmutableSortedDictionary<string, Type> All { get; } = typeof(Regularizer).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Regularizer)) && !type.IsAbstract)
        .ToImmutableSortedDictionary(IdOf, type => type, StringComparer.Ordinal);

    /// <summary>The regularizer of an id with its parameters' defaults.</summary>
    /// <param name="id">The id.</param>
    /// <param name="strength">Its strength.</param>
    /// <exception cref="OccamException">There is none; the message names the nearest.</exception>
    public static Regularizer Make(string id, double strength)
    {
        if (!All.TryGetValue(id, out var type))
        {
            throw new OccamException($"unknown regularizer '{id}': did you mean '{Nearest.Of(id, All.Keys)}'? There are {string.Join(", ", All.Keys)}");
        }

        var constructor = type.GetConstructors().Single();
        return (Regularizer)constructor.Invoke([strength, .. constructor.GetParameters().Skip(1).Select(parameter => parameter.DefaultValue)]);
    }

    // An id depends on the type alone.
    private static string IdOf(Type type) => ((Regularizer)RuntimeHelpers.GetUninitializedObject(type)).Id;
}
