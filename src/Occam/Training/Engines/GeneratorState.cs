using System.Buffers.Binary;
using Occam.Torch;

namespace Occam.Training.Engines;

/// <summary>Reads the state of a generator of random numbers from a checkpoint.</summary>
internal static class GeneratorState
{
    private const int Numbers = 624;
    private const int LeftAt = 8;
    private const int NextAt = 16;

    /// <summary>Sets a generator to what is kept under a name.</summary>
    /// <exception cref="OccamException">There is nothing, or it is no state of this generator.</exception>
    public static void Load(StateArchive archive, string name, Generator generator)
    {
        using var scope = Libtorch.NewDisposeScope();
        var now = generator.GetState();
        var state = archive.Read<byte>(name, now.Elements);
        if (state.Length > NextAt + (Numbers * sizeof(ulong)) && !IsMersenneTwister(state))
        {
            throw StateArchive.Refused(name, "it is no state of random numbers");
        }

        try
        {
            generator.SetState(Tensor.FromArray(state, state.Length));
        }
        catch (TorchException e)
        {
            throw new OccamException($"{StateArchive.Refused(name, "libtorch refuses it").Message}", e);
        }
    }

    // On the CPU: where it is in its 624 numbers, which libtorch takes on trust, and that they aren't all zeros, from which only zeros
    // follow. A state is the seed (8 bytes), how many are left and whether it was seeded (4 and 4), the next one (8), and the numbers, of
    // 8 bytes each.
    private static bool IsMersenneTwister(ReadOnlySpan<byte> state)
    {
        var left = BinaryPrimitives.ReadInt32LittleEndian(state[LeftAt..]);
        var next = BinaryPrimitives.ReadInt64LittleEndian(state[NextAt..]);
        return (left is >= 1 and <= Numbers && next + left == Numbers + 1) || (left, next) == (1, 0)
            ? state.Slice(NextAt + sizeof(ulong), Numbers * sizeof(ulong)).ContainsAnyExcept((byte)0)
            : false;
    }
}
