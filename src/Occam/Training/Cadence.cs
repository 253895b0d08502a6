namespace Occam.Training;

/// <summary>The steps at which something is computed: before the first step, after the last, and between as given.</summary>
public sealed record Cadence
{
    private Cadence()
    {
    }

    /// <summary>Every so many steps; 0 for not.</summary>
    public long Steps { get; private init; }

    /// <summary>Every so many epochs; 0 for not.</summary>
    public long Epochs { get; private init; }

    /// <summary>So many times in each decade of steps, evenly in the logarithm; 0 for not.</summary>
    public int PerDecade { get; private init; }

    /// <summary>Only at the beginning and the end.</summary>
    public static Cadence Ends { get; } = new();

    /// <summary>Every so many steps.</summary>
    public static Cadence EverySteps(long steps) => new() { Steps = Positive(steps, "steps") };

    /// <summary>Every so many epochs.</summary>
    public static Cadence EveryEpochs(long epochs) => new() { Epochs = Positive(epochs, "epochs") };

    /// <summary>So many times in each decade of steps.</summary>
    public static Cadence Logarithmic(int perDecade) => new() { PerDecade = (int)Positive(perDecade, "times a decade") };

    /// <summary>The next step after the given one at which it is due, <see cref="long.MaxValue"/> for none.</summary>
    /// <param name="step">Steps taken.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    public long Next(long step, long stepsPerEpoch)
    {
        var every = Steps > 0 ? Steps : Epochs > 0 ? checked(Epochs * stepsPerEpoch) : 0;
        if (every > 0)
        {
            return ((step / every) + 1) * every;
        }

        if (PerDecade == 0)
        {
            return long.MaxValue;
        }

        for (var power = (int)Math.Floor(Math.Log10(Math.Max(step, 1)) * PerDecade); ; power++)
        {
            var next = (long)Math.Round(Math.Pow(10, (double)power / PerDecade));
            if (next > step)
            {
                return next;
            }
        }
    }

    private static long Positive(long value, string what) =>
        value > 0 ? value : throw new OccamException($"every {value} {what} can't be: give at least 1");
}
