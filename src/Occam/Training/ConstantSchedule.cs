namespace Occam.Training;

/// <summary>Always 1.</summary>
public sealed record ConstantSchedule() : Schedule("constant")
{
    /// <inheritdoc/>
    protected override double Shape(long step, long stepsPerEpoch, long steps) => 1;
}
