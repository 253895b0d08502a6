namespace Occam.Lab.Experiments.Dherin2021;

/// <summary>How gor-1 is run.</summary>
public sealed record ParabolaOptions
{
    /// <summary>The last step that the paper shows.</summary>
    public const int PaperSteps = 30_000;

    /// <summary>Gradient steps.</summary>
    public int Steps { get; init; } = PaperSteps;

    /// <summary>How many initializations are trained.</summary>
    public int Seeds { get; init; } = 3;

    /// <summary>The first seed; the others follow it.</summary>
    public int Seed { get; init; }

    /// <summary>Trainings side by side.</summary>
    public int Parallel { get; init; } = Math.Max(1, Environment.ProcessorCount);

    /// <summary>
    /// Told of every recorded point of every training, from the thread that trains: its index from 0, the point, and the function.
    /// </summary>
    public Action<int, ParabolaPoint, ParabolaFunction>? Recorded { get; init; }

    /// <summary>Told the share of all trainings that is done.</summary>
    public Action<double>? Progress { get; init; }

    /// <summary>Stops the training.</summary>
    public CancellationToken Cancellation { get; init; }
}
