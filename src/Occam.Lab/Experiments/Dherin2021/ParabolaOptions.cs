namespace Occam.Lab.Experiments.Dherin2021;

/// <summary>How gor-1 is run.</summary>
internal sealed record ParabolaOptions
{
    /// <summary>The last step that the paper shows.</summary>
    public const int PaperSteps = 30_000;

    /// <summary>Gradient steps.</summary>
    public int Steps { get; init; } = PaperSteps;

    /// <summary>How many initializations are trained.</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>The first seed; the others follow it.</summary>
    public int Seed { get; init; }

    /// <summary>How many trainings run in parallel.</summary>
    public int Parallel { get; init; } = Math.Max(1, Environment.ProcessorCount);

    /// <summary>
    /// Called for every recorded point, on the training's thread, with the training's index from 0, the point and the function.
    /// </summary>
    public Action<int, ParabolaPoint, ParabolaFunction>? Recorded { get; init; }

    /// <summary>Receives the share of all trainings that is done.</summary>
    public Action<double>? Progress { get; init; }

    /// <summary>Cancels the training.</summary>
    public CancellationToken Cancellation { get; init; }
}
