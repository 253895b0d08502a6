using System.Text.Json.Serialization;

namespace Occam.Theory;

/// <summary>What became of an inequality when both its sides were computed.</summary>
public enum InequalityVerdict
{
    /// <summary>It holds, to rounding.</summary>
    Holds,

    /// <summary>It doesn't, though its hypotheses were found to hold.</summary>
    Fails,

    /// <summary>It holds for no reason: the bound is infinite, or larger than the quantity can be at all.</summary>
    Vacuous,

    /// <summary>A hypothesis doesn't hold, or something needed is missing: there are no sides to compare.</summary>
    [JsonStringEnumMemberName("not applicable")]
    NotApplicable,
}
