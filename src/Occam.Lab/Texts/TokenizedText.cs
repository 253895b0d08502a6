using System.Collections.Immutable;

namespace Occam.Lab.Texts;

/// <summary>A text as a network takes it.</summary>
/// <param name="Ids">Its tokens' numbers in the vocabulary.</param>
/// <param name="Pieces">What each token is of the text, or as the vocabulary has it; the number where there is no tokenizer.</param>
public sealed record TokenizedText(ImmutableArray<int> Ids, ImmutableArray<string> Pieces)
{
    /// <summary>Its first tokens, all where no number is given.</summary>
    public TokenizedText First(int? count) => count is { } most && most < Ids.Length ? new(Ids[..most], Pieces[..most]) : this;

    /// <summary>Tokens given by their numbers, separated by spaces or commas.</summary>
    /// <exception cref="OccamException">One isn't a whole number that is not negative.</exception>
    public static TokenizedText OfNumbers(string text)
    {
        var words = text.Split([' ', ',', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        var ids = words.Select(word => int.TryParse(
            word, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var id)
                ? id
                : throw new OccamException($"'{PrintableText.Short(word)}' is no token: expected whole numbers, as in \"101 2023 102\""));
        return new TokenizedText([.. ids], [.. words.Select(word => $" {word}")]);
    }
}
