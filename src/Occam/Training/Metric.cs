using System.Text.Json.Serialization;

namespace Occam.Training;

/// <summary>A number recorded during training.</summary>
/// <param name="Step">Steps taken when it was recorded.</param>
/// <param name="Epoch">The same in epochs.</param>
/// <param name="Name">What it is: <c>train.loss</c>, <c>test.accuracy</c>, <c>geometric-complexity</c>, …</param>
/// <param name="Value">The number.</param>
/// <param name="StandardError">Its standard error, where it is estimated by sampling.</param>
/// <param name="Seconds">How long it took to compute, in seconds.</param>
public sealed record Metric(long Step, double Epoch, string Name, double Value, double StandardError = 0, double Seconds = 0)
{
    /// <summary>Seconds of training until it was recorded, all sittings together; null where nobody kept them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Elapsed { get; init; }

    /// <summary>The number with its error; a line of a metric file has the two side by side.</summary>
    [JsonIgnore]
    public Uncertain Quantity => new(Value, StandardError);
}
