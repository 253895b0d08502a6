using System.Numerics;

namespace Occam;

/// <summary>
/// An explicit generator of random numbers: xoshiro256** of Blackman and Vigna (2021), "Scrambled linear
/// pseudorandom number generators", seeded through SplitMix64 as they recommend. The stream of
/// <see cref="NextUInt64"/> is a function of the seed alone, on every machine and in every version;
/// <see cref="System.Random"/> promises no such thing. Not for several threads at once, and not for secrets.
/// </summary>
internal sealed class SeededRandom
{
    private ulong s0, s1, s2, s3;
    private double spareGaussian;
    private bool hasSpareGaussian;

    /// <summary>Makes the generator of a seed and, where one seed must feed many tasks, of a stream's number.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="stream">Streams of one seed are independent: example i may draw from stream i.</param>
    public SeededRandom(long seed, long stream = 0)
    {
        ulong state = (ulong)seed;
        // The seed is scrambled before the stream is added, so that (seed, stream) and (seed + 1, stream - 1) differ.
        state = SplitMix(ref state) + (ulong)stream;
        s0 = SplitMix(ref state);
        s1 = SplitMix(ref state);
        s2 = SplitMix(ref state);
        s3 = SplitMix(ref state);
    }

    /// <summary>How many numbers <see cref="State"/> holds.</summary>
    public const int StateSize = 6;

    /// <summary>All that the following numbers depend on: set on another generator, it goes on from here.</summary>
    /// <exception cref="ArgumentException">
    /// The state set is not of <see cref="StateSize"/> numbers, or is none that this generator comes to.
    /// </exception>
    public ulong[] State
    {
        get => [s0, s1, s2, s3, BitConverter.DoubleToUInt64Bits(spareGaussian), hasSpareGaussian ? 1UL : 0];
        set
        {
            if (value.Length != StateSize)
            {
                throw new ArgumentException($"a state of {value.Length} numbers: expected {StateSize}");
            }

            // From zeros nothing but zeros would follow, and no number would ever be drawn.
            double spare = BitConverter.UInt64BitsToDouble(value[4]);
            if ((value[0] | value[1] | value[2] | value[3]) == 0 || !double.IsFinite(spare) || value[5] > 1)
            {
                throw new ArgumentException("a state of random numbers that can't be");
            }

            (s0, s1, s2, s3) = (value[0], value[1], value[2], value[3]);
            spareGaussian = spare;
            hasSpareGaussian = value[5] != 0;
        }
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextUInt64()
    {
        ulong result = BitOperations.RotateLeft(s1 * 5, 7) * 9;
        ulong shifted = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= shifted;
        s3 = BitOperations.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>A number uniform in [0, 1), a multiple of 2⁻⁵³.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1L << 53));

    /// <summary>A number uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double NextDouble(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>An integer uniform in 0 … <paramref name="bound"/> − 1, without bias (Lemire 2019).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not positive.</exception>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        uint range = (uint)bound;
        ulong product = (NextUInt64() >> 32) * range;
        if ((uint)product < range)
        {
            uint rejected = (0u - range) % range;
            while ((uint)product < rejected)
            {
                product = (NextUInt64() >> 32) * range;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>
    /// A standard normal number, by Marsaglia's polar method. It uses the machine's logarithm, whose last bit
    /// may differ between platforms; the other methods are exact.
    /// </summary>
    public double NextGaussian()
    {
        if (hasSpareGaussian)
        {
            hasSpareGaussian = false;
            return spareGaussian;
        }

        double u, v, square;
        do
        {
            u = (2 * NextDouble()) - 1;
            v = (2 * NextDouble()) - 1;
            square = (u * u) + (v * v);
        }
        while (square >= 1 || square == 0);

        double factor = Math.Sqrt(-2 * Math.Log(square) / square);
        spareGaussian = v * factor;
        hasSpareGaussian = true;
        return u * factor;
    }

    /// <summary>Puts the items in a uniformly random order (Fisher–Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int last = items.Length - 1; last > 0; last--)
        {
            int other = NextInt(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    /// <summary>
    /// Draws <paramref name="count"/> different numbers of 0 … <paramref name="total"/> − 1, in random order. The
    /// first n drawn do not depend on the count: a smaller draw of the same seed is the beginning of a larger one.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">More numbers are asked for than there are.</exception>
    public int[] Choose(int count, int total)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, total);
        int[] all = new int[total];
        for (int i = 0; i < total; i++)
        {
            all[i] = i;
        }

        for (int i = 0; i < count; i++)
        {
            int other = i + NextInt(total - i);
            (all[i], all[other]) = (all[other], all[i]);
        }

        return all[..count];
    }

    private static ulong SplitMix(ref ulong state)
    {
        ulong mixed = RandomStream.Mixed(state);
        state += RandomStream.Step;
        return mixed;
    }
}
