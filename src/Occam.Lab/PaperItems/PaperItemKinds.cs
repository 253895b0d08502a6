using System.Collections.Immutable;

namespace Occam.Lab.PaperItems;

/// <summary>The kinds of items in words.</summary>
internal static class PaperItemKinds
{
    /// <summary>All kinds by their words, in their order.</summary>
    public static ImmutableArray<(PaperItemKind Kind, string Words)> All { get; } =
        [.. Enum.GetValues<PaperItemKind>().Select(kind => (kind, Words(kind)))];

    /// <summary>A kind in words.</summary>
    public static string Words(PaperItemKind kind) => kind switch
    {
        PaperItemKind.Judged => "judged",
        PaperItemKind.ByTheorem => "by theorem",
        PaperItemKind.Computed => "computed",
        PaperItemKind.TextOnly => "text only",
        PaperItemKind.Missing => "missing",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>When an item is of a kind.</summary>
    public static string Meaning(PaperItemKind kind) => kind switch
    {
        PaperItemKind.Judged => "a figure judges it as a claim; the verdict is that of its last run.",
        PaperItemKind.ByTheorem => "occam verify computes both sides of it on a network.",
        PaperItemKind.Computed => "it is a quantity, a part of training, a setting or a panel that Occam computes.",
        PaperItemKind.TextOnly => "there is nothing to compute or to judge; the reason stands beside it.",
        PaperItemKind.Missing => "it could be answered, and isn’t yet.",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The kind of a name as a command line has it: <c>judged</c>, <c>by-theorem</c>.</summary>
    /// <exception cref="OccamException">There is none.</exception>
    public static PaperItemKind Parse(string name)
    {
        string[] names = [.. All.Select(known => NameOf(known.Kind))];
        return All.Where(known => NameOf(known.Kind) == name).Select(known => (PaperItemKind?)known.Kind).FirstOrDefault()
            ?? throw new OccamException($"there is no kind '{name}' of items: expected {string.Join(", ", names)}");
    }

    /// <summary>The name of a kind in a command line.</summary>
    public static string NameOf(PaperItemKind kind) => KebabCase.Kebab(kind.ToString());
}
