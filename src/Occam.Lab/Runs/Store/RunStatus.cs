using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Occam.Lab.Runs.Store;

/// <summary>How a run stands: <c>status.json</c>. What an older version didn't write is empty.</summary>
public sealed record RunStatus
{
    /// <summary>How it stands.</summary>
    public required RunState State { get; init; }

    /// <summary>Why it ended; empty while it hasn't.</summary>
    public string Why { get; init => field = value ?? ""; } = "";

    /// <summary>Steps taken.</summary>
    public long Step { get; init; }

    /// <summary>Steps of the whole run.</summary>
    public long Steps { get; init; }

    /// <summary>Steps taken, in epochs.</summary>
    public double Epoch { get; init; }

    /// <summary>The step of the last checkpoint.</summary>
    public long Checkpoint { get; init; }

    /// <summary>What computed.</summary>
    public string Engine { get; init => field = value ?? ""; } = "";

    /// <summary>Seconds of training, those before an interruption among them.</summary>
    public double Seconds { get; init; }

    /// <summary>Seconds that each probe took, since the training was last begun or resumed.</summary>
    public ImmutableSortedDictionary<string, double> ProbeSeconds
    {
        get;
        init => field = value ?? ImmutableSortedDictionary<string, double>.Empty;
    } = ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>The last value of every metric.</summary>
    public ImmutableSortedDictionary<string, double> Metrics
    {
        get;
        init => field = value ?? ImmutableSortedDictionary<string, double>.Empty;
    } = ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>What the run's files were when this was written; null in runs of older versions, and in those of other programs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RunFiles? Files { get; init; }

    /// <summary>When this was written.</summary>
    public DateTimeOffset Written { get; init; }
}
