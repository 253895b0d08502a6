using System.Text.Json.Serialization;

namespace Occam.Lab.Ranking;

/// <summary>What measures are to rank runs by.</summary>
public enum RankingTarget
{
    /// <summary>The test error minus the training error.</summary>
    Gap,

    /// <summary>The test error.</summary>
    [JsonStringEnumMemberName("test-error")]
    TestError,
}
