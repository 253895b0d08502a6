namespace Occam;

/// <summary>Finds the known name that a mistyped one probably meant.</summary>
internal static class Nearest
{
    // So many letters may be wrong, and of a long name this part of them.
    private const int MostWrongOfFew = 2;
    private const double MostWrong = 0.4;
    private const int FewestLetters = 3;
    private const int Other = 3;

    /// <summary>
    /// The candidate that is nearest: one that begins so, has it as its initials, holds it, or differs least. Null where none is near
    /// enough to have been meant.
    /// </summary>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        var nearest = candidates.MinBy(candidate => (Rank(name, candidate), Distance(name, candidate)));
        var bare = name.Trim('-');
        var most = bare.Length < FewestLetters ? bare.Length - 1 : Math.Max(MostWrongOfFew, MostWrong * bare.Length);
        return nearest is { Length: > 0 } && (Rank(name, nearest) < Other || Distance(bare, nearest.Trim('-')) <= most) ? nearest : null;
    }

    /// <summary>What follows an unknown name, before a sentence of what there is: ": did you mean 'mlp'?", or a full stop.</summary>
    public static string Hint(string name, IEnumerable<string> candidates) =>
        Find(name, candidates) is { } nearest ? $": did you mean '{nearest}'?" : ".";

    private static int Rank(string name, string candidate)
    {
        var (bare, other) = (name.Trim('-'), candidate.Trim('-'));
        return bare.Length == 0 ? Other
            : other.StartsWith(bare, StringComparison.OrdinalIgnoreCase) ? 0
            : other.Length >= FewestLetters && bare.StartsWith(other, StringComparison.OrdinalIgnoreCase) ? 0
            : string.Concat(other.Split('-', '.').Where(word => word.Length > 0).Select(word => word[0]))
                .Equals(bare, StringComparison.OrdinalIgnoreCase) ? 1
            : bare.Length >= FewestLetters && other.Contains(bare, StringComparison.OrdinalIgnoreCase) ? 2
            : Other;
    }

    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var substitution = diagonal + (char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
