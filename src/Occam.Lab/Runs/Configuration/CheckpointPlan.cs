using System.Globalization;
using Occam.Training;

namespace Occam.Lab.Runs.Configuration;

/// <summary>When a checkpoint is written; before the first step, after the last, and on an interruption in any case.</summary>
/// <param name="Seconds">Seconds from one to the next; null where steps count.</param>
/// <param name="Steps">At which steps; null where seconds count.</param>
public sealed record CheckpointPlan(double? Seconds, Cadence? Steps)
{
    internal const string Expected = "`30 seconds`, `500 steps`, `1 epochs` or `ends`";

    /// <summary>Every half minute.</summary>
    public static CheckpointPlan Default { get; } = new(30, null);

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <exception cref="OccamException">It isn't one.</exception>
    public static CheckpointPlan Parse(string text)
    {
        if (text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var number, "second" or "seconds" or "s"])
        {
            return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
                ? new CheckpointPlan(seconds, null)
                : throw new OccamException($"a checkpoint can't be written every '{number}' seconds: give a positive number");
        }

        return new CheckpointPlan(null, CadenceText.Parse(text));
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Seconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"{seconds} seconds") : CadenceText.Write(Steps!);
}
