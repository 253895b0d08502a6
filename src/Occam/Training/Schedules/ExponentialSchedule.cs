namespace Occam.Training.Schedules;

/// <summary>Times a factor after every epoch.</summary>
/// <param name="By">The factor, such as 10^(−1/50).</param>
public sealed record ExponentialSchedule(double By) : Schedule("exponential")
{
    /// <inheritdoc/>
    protected override double Shape(long step, long stepsPerEpoch, long steps) => Math.Pow(By, step / stepsPerEpoch);

    internal override string? Problem() =>
        base.Problem() ?? (By > 0 ? null : $"the learning rate can't fall by {By} an epoch: give a positive number");
}
