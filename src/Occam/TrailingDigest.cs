using System.Buffers;
using System.IO.Hashing;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Occam;

/// <summary>
/// A digest that a file carries at its own end, in a form that its format has room for: XxHash128, as 32 hexadecimal digits, of every
/// byte of the file but these. It moves with the file, and a flipped bit anywhere in it is found, in the digest too.
/// </summary>
internal sealed class TrailingDigest
{
    private const int Digits = 32;

    private readonly byte[] _before;
    private readonly byte[] _after;

    private TrailingDigest(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        _before = before.ToArray();
        _after = after.ToArray();
    }

    /// <summary>That of zip archives: a comment of the archive.</summary>
    public static TrailingDigest OfArchives { get; } = new("xxh128:"u8, []);

    /// <summary>
    /// That of ONNX files: a description of the model (its field 6, a text of 39 bytes), and after it an empty one, which is the one that
    /// counts. So other programs don't see it, and a file that they write anew has none.
    /// </summary>
    public static TrailingDigest OfNetworks { get; } = new([0x32, 39, .. "xxh128:"u8], [0x32, 0]);

    /// <summary>That of JSON files whose value is an object, in lines: its last member, "digest".</summary>
    public static TrailingDigest OfJson { get; } = new(",\n  \"digest\": \""u8, "\"\n}\n"u8);

    /// <summary>How many bytes it takes.</summary>
    public int Length => _before.Length + Digits + _after.Length;

    /// <summary>What stands where the digest will: for formats that count its bytes beforehand.</summary>
    public string Placeholder => Encoding.ASCII.GetString(_before) + new string('0', Digits) + Encoding.ASCII.GetString(_after);

    /// <summary>The digest of some bytes.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(XxHash128.Hash(bytes));

    /// <summary>The digest of a whole file.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    public static string OfFile(string path)
    {
        using var file = PlainFile.Open(path);
        var hash = new XxHash128();
        hash.Append(file);
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    /// <summary>
    /// The digest that a file carries, as it stands there: whether it agrees is another question. Null where it carries none.
    /// </summary>
    /// <exception cref="IOException">It can't be read.</exception>
    public string? CarriedBy(string path)
    {
        using var file = PlainFile.Open(path);
        if (file.Length < Length)
        {
            return null;
        }

        var end = new byte[Length];
        file.Position = file.Length - Length;
        file.ReadExactly(end);
        return end.AsSpan().StartsWith(_before) && end.AsSpan().EndsWith(_after)
            ? Encoding.ASCII.GetString(end, _before.Length, Digits)
            : null;
    }

    /// <summary>Writes it as the end of a stream, which can be read and is at the place where it belongs.</summary>
    public void Write(Stream stream)
    {
        stream.Write(_before);
        var end = stream.Position;
        stream.Position = 0;
        var digest = Compute(stream, end);
        stream.Position = end;
        stream.Write(digest);
        stream.Write(_after);
    }

    /// <summary>Whether a file is as it was written.</summary>
    /// <param name="file">The file, from its beginning; afterwards it is there again.</param>
    /// <returns>Null where the file carries no digest.</returns>
    public bool? Check(Stream file)
    {
        if (file.Length < Length)
        {
            return null;
        }

        var end = new byte[Length];
        file.Position = file.Length - Length;
        file.ReadExactly(end);
        file.Position = 0;
        var missed = Differences(end.AsSpan(0, _before.Length), _before)
            + Differences(end.AsSpan(_before.Length + Digits), _after);
        if (missed > 0)
        {
            // What is nearly the form of a digest was one.
            return missed * 2 <= _before.Length + _after.Length ? false : null;
        }

        var digest = Compute(file, file.Length - _after.Length - Digits);
        file.Position = 0;
        return digest.AsSpan().SequenceEqual(end.AsSpan(_before.Length, Digits));
    }

    /// <summary>
    /// Begins to check a file on another thread, while it is read on this one: for large files. The file must stay open until the task has
    /// ended.
    /// </summary>
    /// <param name="file">The file, whose position is left alone.</param>
    public Task<bool?> CheckBeside(FileStream file)
    {
        // Each stream reads at a position of its own, from one open file: one that takes its name meanwhile is not mixed up with it.
        var handle = new SafeFileHandle(file.SafeFileHandle.DangerousGetHandle(), ownsHandle: false);
        return Task.Run(() =>
        {
            using var again = new FileStream(handle, FileAccess.Read, bufferSize: 0);
            return Check(again);
        });
    }

    // What stands after the digits is the same in every file.
    private static byte[] Compute(Stream stream, long end)
    {
        // A store has thousands of small files, for which memory of their own would cost more than their digests.
        var (hash, buffer) = (new XxHash128(), ArrayPool<byte>.Shared.Rent((int)Math.Clamp(end, 1, 1 << 18)));
        try
        {
            for (var left = end; left > 0;)
            {
                var read = stream.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
                if (read == 0)
                {
                    break;
                }

                hash.Append(buffer.AsSpan(0, read));
                left -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.GetCurrentHash()));
    }

    private static int Differences(ReadOnlySpan<byte> found, ReadOnlySpan<byte> expected)
    {
        var count = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            count += found[i] == expected[i] ? 0 : 1;
        }

        return count;
    }
}
