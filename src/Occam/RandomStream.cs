namespace Occam;

/// <summary>
/// Seeds for what draws beside each other. A run's seed makes the network's first weights; what a measure or a training draws from the
/// same seed must have nothing in common with them. libtorch's generator on the CPU takes 32 bits of its seed, so that the streams are
/// told apart by mixing, and not by adding.
/// </summary>
internal static class RandomStream
{
    /// <summary>What measures and theorems draw: directions, noise, points.</summary>
    public const int Measuring = 1;

    /// <summary>What the steps of a training draw: dropout.</summary>
    public const int Training = 2;

    /// <summary>What the regularizers of a training draw: cotangents.</summary>
    public const int Regularizing = 3;

    /// <summary>What SplitMix64 adds to its state for each number: 2⁶⁴ over the golden ratio.</summary>
    internal const ulong Step = 0x9E3779B97F4A7C15;

    /// <summary>The seed of a stream.</summary>
    /// <param name="seed">What the user gave.</param>
    /// <param name="stream">One of the above.</param>
    public static ulong Seed(long seed, int stream) => Mixed(Mixed((ulong)seed) + (ulong)stream);

    /// <summary>SplitMix64: every bit of the result depends on every bit of the number (Steele et al. 2014, fig. 15).</summary>
    public static ulong Mixed(ulong number)
    {
        number += Step;
        number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
        number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
        return number ^ (number >> 31);
    }
}
