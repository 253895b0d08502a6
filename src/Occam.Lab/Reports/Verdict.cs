using System.Text.Json.Serialization;

namespace Occam.Lab.Reports;

/// <summary>What the numbers say of a paper's claim.</summary>
public enum Verdict
{
    /// <summary>The claim holds in what was measured.</summary>
    Reproduced,

    /// <summary>What was measured contradicts the claim.</summary>
    [JsonStringEnumMemberName("not reproduced")]
    NotReproduced,

    /// <summary>The measurement can't tell at this scale.</summary>
    Undecided,
}
