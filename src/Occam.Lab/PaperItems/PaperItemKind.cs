using System.Text.Json.Serialization;

namespace Occam.Lab.PaperItems;

/// <summary>How Occam answers an item of a paper.</summary>
public enum PaperItemKind
{
    /// <summary>It is a claim, and a figure judges it.</summary>
    Judged,

    /// <summary>It is a statement, of which <c>occam verify</c> computes both sides.</summary>
    [JsonStringEnumMemberName("by theorem")]
    ByTheorem,

    /// <summary>It is a quantity, a part of training, a setting or a panel: something that Occam computes.</summary>
    Computed,

    /// <summary>There is nothing to compute or to judge: background, an analogy, a direction for other work.</summary>
    [JsonStringEnumMemberName("text only")]
    TextOnly,

    /// <summary>It could be answered, and isn't yet.</summary>
    Missing,
}
