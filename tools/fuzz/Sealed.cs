using System.Text;

namespace Occam.Fuzz;

/// <summary>
/// Spoils files that carry a digest of themselves as one would who knows how they are written: what is before the digest is spoiled, and
/// gets one that agrees.
/// </summary>
internal static class Sealed
{
    private const string DigestOfJson = ",\n  \"digest\"";

    /// <summary>A JSON file, spoiled word by word, with a digest that agrees where it had one.</summary>
    public static byte[] SpoilJson(byte[] sound, SeededRandom random)
    {
        var text = Encoding.UTF8.GetString(sound);
        var end = text.LastIndexOf(DigestOfJson, StringComparison.Ordinal);
        return end < 0
            ? Words.Utf8(Words.Spoil(text, random))
            : WithDigest(Words.Utf8(Words.Spoil(text[..end], random)), TrailingDigest.OfJson);
    }

    /// <summary>A file of any kind, spoiled byte by byte, with a digest that agrees.</summary>
    public static byte[] Spoil(byte[] sound, TrailingDigest digest, SeededRandom random) =>
        WithDigest(Bytes.Spoil(sound[..^digest.Length], random), digest);

    /// <summary>Some bytes, and their digest.</summary>
    public static byte[] WithDigest(byte[] content, TrailingDigest digest)
    {
        using var stream = new MemoryStream();
        stream.Write(content);
        digest.Write(stream);
        return stream.ToArray();
    }
}
