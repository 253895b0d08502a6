namespace Occam.Training.Schedules;

/// <summary>
/// ½(1 + cos πt/T) from 1 at the start to the floor at the end of the run (Loshchilov and Hutter 2017, eq. 5, without restarts).
/// </summary>
/// <param name="Floor">The factor at the end.</param>
public sealed record CosineSchedule(double Floor = 0) : Schedule("cosine")
{
    /// <inheritdoc/>
    protected override double Shape(long step, long stepsPerEpoch, long steps) =>
        Floor + ((1 - Floor) * (1 + Math.Cos(Math.PI * Math.Min(step, steps) / Math.Max(steps, 1))) / 2);

    internal override string? Problem() => base.Problem()
        ?? (Floor is >= 0 and <= 1 ? null : $"the learning rate can't end at {Floor} times its start: give a number from 0 to 1");
}
