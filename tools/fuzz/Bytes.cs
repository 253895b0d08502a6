using System.Buffers.Binary;

namespace Occam.Fuzz;

/// <summary>Spoils bytes without knowing what they mean: in places, in sizes, in order.</summary>
internal static class Bytes
{
    private static readonly long[] s_sizes =
    [
        0, 1, -1, 2, 3, 7, 127, 128, 255, 256, 32767, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 40, long.MaxValue,
        long.MinValue,
    ];

    /// <summary>A number at which readers stumble.</summary>
    public static long Size(SeededRandom random) => s_sizes[random.NextInt(s_sizes.Length)];

    /// <summary>One to three changes.</summary>
    public static byte[] Spoil(byte[] sound, SeededRandom random)
    {
        List<byte> bytes = [.. sound];
        for (var changes = 1 + random.NextInt(3); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = Place(bytes.Count, random);
            var length = Math.Min(1 + random.NextInt(16), bytes.Count - at);
            switch (random.NextInt(9))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.NextInt(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.NextInt(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(random.NextInt(bytes.Count - length + 1), length));
                    break;
                case 4:
                    bytes.InsertRange(at, Enumerable.Repeat((byte)(random.NextInt(2) * 255), length));
                    break;
                case 5:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 6:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, 1 << random.NextInt(12))));
                    break;
                default:
                    Put(bytes, at, random);
                    break;
            }
        }

        return [.. bytes];
    }

    // Headers and ends as often as what is between.
    private static int Place(int count, SeededRandom random) => random.NextInt(3) switch
    {
        0 => random.NextInt(Math.Min(count, 64)),
        1 => count - 1 - random.NextInt(Math.Min(count, 64)),
        _ => random.NextInt(count),
    };

    private static void Put(List<byte> bytes, int at, SeededRandom random)
    {
        Span<byte> number = stackalloc byte[8];
        var width = 1 << random.NextInt(4);
        if (random.NextInt(2) == 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, Size(random));
        }
        else
        {
            BinaryPrimitives.WriteInt64BigEndian(number, Size(random) << (64 - (8 * width)));
        }

        for (var i = 0; i < width && at + i < bytes.Count; i++)
        {
            bytes[at + i] = number[i];
        }
    }
}
