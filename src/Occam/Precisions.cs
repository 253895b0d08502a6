using System.Collections.Immutable;
using Occam.Torch;

namespace Occam;

/// <summary>Precisions as texts and as libtorch name them.</summary>
internal static class Precisions
{
    extension(Precision precision)
    {
        /// <summary>What commands, configurations and results call it: <c>float32</c>.</summary>
        public string Name => precision.ToString().ToLowerInvariant();

        /// <summary>The type of the numbers.</summary>
        public ScalarType Type => precision switch
        {
            Precision.Float64 => ScalarType.Float64,
            Precision.BFloat16 => ScalarType.BFloat16,
            _ => ScalarType.Float32,
        };

        /// <summary>The type of the weights that are trained in it.</summary>
        public ScalarType WeightType => precision == Precision.Float64 ? ScalarType.Float64 : ScalarType.Float32;

        /// <summary>Reads a name.</summary>
        /// <param name="name">The name.</param>
        /// <param name="choices">The precisions to choose from.</param>
        /// <exception cref="OccamException">It is none of theirs.</exception>
        public static Precision Parse(string name, params IReadOnlyList<Precision> choices) =>
            NamesOf(choices).IndexOf(name) is >= 0 and var index ? choices[index]
            : throw new OccamException($"unknown precision '{name}': expected {string.Join(", ", NamesOf(choices))}");
    }

    extension(ScalarType type)
    {
        /// <summary>The name of the precision of this type.</summary>
        public string PrecisionName => type.ToString().ToLowerInvariant();
    }

    /// <summary>The precisions that a network can be stored and computed in.</summary>
    public static IReadOnlyList<Precision> OfNetworks { get; } = [Precision.Float32, Precision.Float64, Precision.BFloat16];

    /// <summary>The names of several.</summary>
    public static ImmutableArray<string> NamesOf(IEnumerable<Precision> precisions) => [.. precisions.Select(precision => precision.Name)];
}
