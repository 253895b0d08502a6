namespace Occam.Training.Schedules;

/// <summary>Times a factor after every so many epochs.</summary>
/// <param name="Epochs">Epochs from one fall to the next.</param>
/// <param name="By">The factor.</param>
public sealed record StepDecaySchedule(int Epochs, double By = 0.1) : Schedule("step")
{
    /// <inheritdoc/>
    protected override double Shape(long step, long stepsPerEpoch, long steps) => Math.Pow(By, step / stepsPerEpoch / Epochs);

    internal override string? Problem() => base.Problem()
        ?? (Epochs > 0 && By > 0 ? null : $"the learning rate can't fall by {By} every {Epochs} epochs: give positive numbers");
}
