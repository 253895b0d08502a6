using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace Occam.Lab.Texts;

/// <summary>
/// Makes tokens of texts, by the files that language models come with: <c>vocab.txt</c> (WordPiece, as of BERT), <c>vocab.json</c> with
/// <c>merges.txt</c> beside it (byte-level BPE, as of GPT-2), <c>tokenizer.json</c> of either kind, and SentencePiece's
/// <c>tokenizer.model</c>.
/// </summary>
internal sealed partial class TextTokenizer
{
    private const long LargestFile = 256L << 20;
    private static readonly TimeSpan s_longestSplit = TimeSpan.FromSeconds(10);

    private readonly Tokenizer _tokenizer;

    private TextTokenizer(Tokenizer tokenizer) => _tokenizer = tokenizer;

    /// <summary>Reads a tokenizer's file.</summary>
    /// <exception cref="OccamException">It is none, or of a kind that isn't read.</exception>
    public static TextTokenizer Open(string path)
    {
        try
        {
            return new TextTokenizer(Read(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or ArgumentException
            or InvalidOperationException or KeyNotFoundException or NotSupportedException or FormatException)
        {
            throw new OccamException(
                $"can't read the tokenizer '{path}': {PrintableText.Short(e.Reason())}", e);
        }
    }

    /// <summary>The tokens of a text, with those at its beginning and end that BERT's models expect.</summary>
    public TokenizedText Encode(string text)
    {
        var tokens = _tokenizer.EncodeToTokens(text, out var normalized);
        var pieces = tokens.Select(token => Piece(token, normalized ?? text));
        var ids = tokens.Select(token => token.Id);
        return _tokenizer is BertTokenizer bert
            ? new TokenizedText(
                [bert.ClassificationTokenId, .. ids, bert.SeparatorTokenId],
                [bert.ClassificationToken, .. pieces, bert.SeparatorToken])
            : new TokenizedText([.. ids], [.. pieces]);
    }

    // A token of some bytes of a letter shows as the vocabulary has it.
    private string Piece(EncodedToken token, string text)
    {
        var (start, length) = token.Offset.GetOffsetAndLength(text.Length);
        return _tokenizer is not BertTokenizer && length > 0 ? text.Substring(start, length) : token.Value;
    }

    private static Tokenizer Read(string path)
    {
        if (Directory.Exists(path))
        {
            throw new IOException("it is a folder; name the file in it: tokenizer.json, vocab.txt, vocab.json or tokenizer.model");
        }

        var bytes = PlainFile.ReadAllBytes(path, LargestFile);
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".txt" => BertTokenizer.Create(new MemoryStream(bytes), Bert(isLowerCase: true)),
            ".model" => SentencePieceTokenizer.Create(new MemoryStream(bytes)),
            ".json" => ReadJson(path, bytes),
            _ => throw new IOException("expected tokenizer.json, vocab.txt, vocab.json (with merges.txt beside it) or tokenizer.model"),
        };
    }

    private static Tokenizer ReadJson(string path, byte[] bytes)
    {
        using var json = JsonDocument.Parse(bytes);
        if (json.RootElement.TryGetProperty("model", out var model))
        {
            return ReadDescription(json.RootElement, model);
        }

        var merges = Path.Combine(Path.GetDirectoryName(path) ?? "", "merges.txt");
        return ByteLevel(
            Vocabulary(json.RootElement),
            Encoding.UTF8.GetString(PlainFile.ReadAllBytes(merges, LargestFile)).Split('\n').Select(line => line.TrimEnd('\r'))
                .Where(line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal)),
            WordsAndSpaces(), []);
    }

    private static Tokenizer ReadDescription(JsonElement root, JsonElement model)
    {
        var kind = model.TryGetProperty("type", out var type) ? type.GetString() : model.TryGetProperty("merges", out _) ? "BPE" : null;
        var special = root.TryGetProperty("added_tokens", out var added) && added.ValueKind == JsonValueKind.Array
            ? added.EnumerateArray().ToDictionary(
                token => token.GetProperty("content").GetString()!, token => token.GetProperty("id").GetInt32())
            : [];
        return kind switch
        {
            "WordPiece" => BertTokenizer.Create(
                Lines(Vocabulary(model.GetProperty("vocab"))), Bert(!IsFalse(root, "normalizer", "lowercase"))),
            "BPE" when IsByteLevel(root) => ByteLevel(
                Vocabulary(model.GetProperty("vocab")), model.GetProperty("merges").EnumerateArray().Select(Merge),
                Splitting(root), special),
            "BPE" => throw new NotSupportedException("its byte-pair encoding isn't by bytes: give SentencePiece's tokenizer.model"),
            _ => throw new NotSupportedException(
                $"a model of the kind '{kind}'; WordPiece and byte-level BPE are read, and tokenizer.model"),
        };
    }

    private static BpeTokenizer ByteLevel(
        IReadOnlyDictionary<string, int> vocabulary, IEnumerable<string> merges, Regex splitting, Dictionary<string, int> special) =>
        BpeTokenizer.Create(new BpeOptions(vocabulary)
        {
            Merges = merges,
            ByteLevel = true,
            PreTokenizer = new RegexPreTokenizer(splitting, special),
            SpecialTokens = special,
        });

    private static BertOptions Bert(bool isLowerCase) => new() { LowerCaseBeforeTokenization = isLowerCase };

    private static Dictionary<string, int> Vocabulary(JsonElement words) => words.ValueKind == JsonValueKind.Object
        ? words.EnumerateObject().ToDictionary(word => word.Name, word => word.Value.GetInt32())
        : throw new JsonException("expected a vocabulary: tokens with their numbers");

    private static MemoryStream Lines(Dictionary<string, int> vocabulary)
    {
        var lines = new string[vocabulary.Count];
        foreach (var (word, id) in vocabulary)
        {
            lines[id] = id >= 0 && id < lines.Length ? word : throw new FormatException($"the token {id} of {lines.Length}");
        }

        return new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
    }

    private static string Merge(JsonElement merge) => merge.ValueKind == JsonValueKind.Array
        ? string.Join(' ', merge.EnumerateArray().Select(part => part.GetString()))
        : merge.GetString()!;

    private static IEnumerable<JsonElement> Steps(JsonElement root) =>
        !root.TryGetProperty("pre_tokenizer", out var step) || step.ValueKind != JsonValueKind.Object ? []
        : step.TryGetProperty("pretokenizers", out var steps) ? [.. steps.EnumerateArray()]
        : [step];

    private static bool IsByteLevel(JsonElement root) => Steps(root).Any(step => step.GetProperty("type").GetString() == "ByteLevel");

    // Some models split in a way of their own before they take bytes.
    private static Regex Splitting(JsonElement root)
    {
        var own = Steps(root)
            .Where(step => step.GetProperty("type").GetString() == "Split" && step.TryGetProperty("pattern", out _))
            .Select(step => step.GetProperty("pattern").TryGetProperty("Regex", out var regex) ? regex.GetString() : null)
            .FirstOrDefault(regex => regex is not null);
        return own is null ? WordsAndSpaces() : new Regex(own, RegexOptions.CultureInvariant, s_longestSplit);
    }

    private static bool IsFalse(JsonElement root, string part, string key) =>
        root.TryGetProperty(part, out var element) && element.ValueKind == JsonValueKind.Object
            && element.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.False;

    /// <summary>GPT-2's pieces: contractions, words and numbers with the space before them, signs, spaces.</summary>
    [GeneratedRegex(@"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex WordsAndSpaces();
}
