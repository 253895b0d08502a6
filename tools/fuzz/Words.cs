using System.Text;
using System.Text.RegularExpressions;

namespace Occam.Fuzz;

/// <summary>Spoils texts of words, numbers and signs, such as YAML and JSON, word by word.</summary>
internal static partial class Words
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);

    private static readonly string[] s_odd =
    [
        "", " ", "\t", "\n", "-", "- ", ": ", "{", "}", "[", "]", "[[[[", "{a: {a: {a: ", "&a ", "*a", "&a [*a]", "<<: *a", "? ", "| ",
        "> ", "!!int ", "!!binary ", "%YAML 9.9\n", "---\n", "...\n", "#", "'", "\"", "\\", "\0", "\u001b[2J", "\u202e", "~", "null",
        "true", "no", "0", "-1", "1e999", "-1e-999", ".nan", ".inf", "nan", "9999999999999999999999", "0x10", "1_000", "2147483648",
        "1e9", "1000000000", "[1, 2]", "{a: 1}", "\ud800",
    ];

    /// <summary>One to three changes.</summary>
    public static string Spoil(string sound, SeededRandom random)
    {
        var words = Parts().Split(sound).ToList();
        for (var changes = 1 + random.NextInt(3); changes > 0 && words.Count > 0; changes--)
        {
            var at = random.NextInt(words.Count);
            switch (random.NextInt(6))
            {
                case 0:
                    words[at] = s_odd[random.NextInt(s_odd.Length)];
                    break;
                case 1:
                    words.RemoveAt(at);
                    break;
                case 2:
                    words.Insert(at, words[random.NextInt(words.Count)]);
                    break;
                case 3:
                    (words[at], words[random.NextInt(words.Count)]) = (words[random.NextInt(words.Count)], words[at]);
                    break;
                case 4:
                    words.Insert(at, s_odd[random.NextInt(s_odd.Length)]);
                    break;
                default:
                    var text = string.Concat(words);
                    var spoiled = Bytes.Spoil(Encoding.UTF8.GetBytes(text), random);
                    words = [.. Parts().Split(Encoding.UTF8.GetString(spoiled))];
                    break;
            }
        }

        return string.Concat(words);
    }

    /// <summary>The bytes of a text, also of one with half a letter in it.</summary>
    public static byte[] Utf8(string text) => s_utf8.GetBytes(text);

    [GeneratedRegex(@"(\W)")]
    private static partial Regex Parts();
}
