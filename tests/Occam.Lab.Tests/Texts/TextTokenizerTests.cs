using System.Text.Json;
using Occam.Lab.Texts;
using Xunit;

namespace Occam.Lab.Tests.Texts;

public sealed class TextTokenizerTests : IDisposable
{
    private static readonly string[] s_merges = ["t h", "th e", "Ġ c", "Ġc a", "Ġca t"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("occam-tokenizer-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>By hand: "the" is merged whole, " cat" too, and "s" stays a letter.</summary>
    [Fact]
    public void Byte_pairs_are_merged_in_their_order()
    {
        File.WriteAllText(In("vocab.json"), JsonSerializer.Serialize(Vocabulary()));
        File.WriteAllText(In("merges.txt"), $"#version: 0.2\n{string.Join('\n', s_merges)}\n");
        var text = TextTokenizer.Open(In("vocab.json")).Encode("the cats");
        Assert.Equal(["the", " cat", "s"], text.Pieces);
        Assert.Equal([Vocabulary()["the"], Vocabulary()["Ġcat"], Vocabulary()["s"]], text.Ids);
    }

    [Fact]
    public void A_description_says_the_same_as_vocabulary_and_merges_and_has_special_tokens()
    {
        File.WriteAllText(In("tokenizer.json"), Description(s_merges));
        File.WriteAllText(In("pairs.json"), Description(s_merges.Select(merge => merge.Split(' '))));
        foreach (var file in new[] { "tokenizer.json", "pairs.json" })
        {
            var text = TextTokenizer.Open(In(file)).Encode("the cats<|end|>");
            Assert.Equal(["the", " cat", "s", "<|end|>"], text.Pieces);
            Assert.Equal(900, text.Ids[^1]);
        }
    }

    [Theory]
    [InlineData("vocab.txt")]
    [InlineData("tokenizer.json")]
    public void Word_pieces_come_between_their_special_tokens(string name)
    {
        string[] words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "cat", "##s", "the"];
        var vocabulary = words.Select((word, id) => (word, id)).ToDictionary(pair => pair.word, pair => pair.id);
        File.WriteAllText(In(name), name == "vocab.txt"
            ? string.Join('\n', words)
            : JsonSerializer.Serialize(
                new { model = new { type = "WordPiece", vocab = vocabulary }, normalizer = new { lowercase = true } }));
        var text = TextTokenizer.Open(In(name)).Encode("The cats");
        Assert.Equal(["[CLS]", "the", "cat", "##s", "[SEP]"], text.Pieces);
        Assert.Equal([2, 7, 5, 6, 3], text.Ids);
    }

    [Theory]
    [InlineData("tokenizer.json", """{"model": {"type": "Unigram", "vocab": []}}""", "a model of the kind 'Unigram'")]
    [InlineData("tokenizer.json", """{"model": {"type": "BPE", "vocab": {}, "merges": []}}""", "SentencePiece's tokenizer.model")]
    [InlineData("tokenizer.json", "{", "can't read the tokenizer")]
    [InlineData("tokenizer.json", """{"model": {"type": "WordPiece", "vocab": {"a": 5}}}""", "the token 5 of 1")]
    [InlineData("vocab.txt", "", "can't read the tokenizer")]
    [InlineData("net.onnx", "x", "expected tokenizer.json")]
    [InlineData("tokenizer.model", "garbage", "can't read the tokenizer")]
    [InlineData("vocab.json", """{"a": 0}""", "merges.txt")]
    public void What_is_no_tokenizer_is_refused_in_a_line(string name, string content, string why)
    {
        File.WriteAllText(In(name), content);
        var message = Assert.Throws<OccamException>(() => TextTokenizer.Open(In(name))).Message;
        Assert.Contains(why, message);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Numbers_are_tokens_too()
    {
        Assert.Equal([5, 17, 3], TokenizedText.OfNumbers("5, 17 3").Ids);
        Assert.Contains("'-1' is no token", Assert.Throws<OccamException>(() => TokenizedText.OfNumbers("5 -1")).Message);
        Assert.Equal([" 5", " 17"], TokenizedText.OfNumbers("5 17 3").First(2).Pieces);
    }

    private static Dictionary<string, int> Vocabulary()
    {
        string[] words = [.. "abcdehlosrt".Select(letter => $"{letter}"), "Ġ", "th", "the", "Ġc", "Ġca", "Ġcat"];
        return words.Select((word, id) => (word, id)).ToDictionary(pair => pair.word, pair => pair.id);
    }

    private static string Description(object merges) => JsonSerializer.Serialize(new
    {
        added_tokens = new[] { new { id = 900, content = "<|end|>" } },
        pre_tokenizer = new { type = "ByteLevel" },
        model = new { type = "BPE", vocab = Vocabulary(), merges },
    });

    private string In(string name) => Path.Combine(_folder.FullName, name);
}
