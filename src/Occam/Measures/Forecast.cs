using System.Diagnostics;
using Occam.Torch;

namespace Occam.Measures;

/// <summary>What exact Jacobians over the data will take, from a timed direction on the first batch.</summary>
/// <param name="Outputs">The rows of a Jacobian, k.</param>
/// <param name="Inputs">Its columns, d.</param>
/// <param name="Examples">How many examples there are.</param>
/// <param name="Exact">The time of one reverse pass a row, or one forward pass a column where they are fewer, over all examples.</param>
/// <param name="Directions">The number of random directions an example in an estimate.</param>
/// <param name="Estimated">The time of such an estimate.</param>
public sealed record Forecast(long Outputs, long Inputs, int Examples, TimeSpan Exact, int Directions, TimeSpan Estimated)
{
    // Fewer passes than these are not worth a timed one before them.
    private const long FewPasses = 100;

    // A pass of milliseconds says little: the middle one of many does.
    private const int MostTimed = 25;

    // By such a factor a single one may be too short: what would be too short to tell of even so isn't timed again.
    private const double MayBeOff = 4;
    private static readonly TimeSpan s_longEnough = TimeSpan.FromSeconds(0.3);

    // Of a forward pass and one back, what is the pass back.
    private const double Backward = 2.0 / 3;

    private static readonly TimeSpan s_worthSaying = TimeSpan.FromSeconds(20);

    /// <summary>The directions that are taken where none are asked for.</summary>
    internal const int DefaultDirections = 8;

    /// <summary>Tells what exact Jacobians will take where that is long, once a run.</summary>
    internal static void Tell(MeasureContext context)
    {
        // What is kept of other runs needs no time, and how much that is isn't known.
        if (context.Options is { Expect: { } expect, Values: null }
            && context.Shared(default(Once), () => new Made(Make(context))).Forecast is { } forecast
            && forecast.Exact > s_worthSaying)
        {
            expect(forecast);
        }
    }

    private static Forecast? Make(MeasureContext context)
    {
        var count = context.Data!.Count;
        var size = Math.Min(context.BatchSize, count);
        var batches = (count + size - 1) / size;
        var rows = context.Passes;
        if (rows * batches < FewPasses)
        {
            return null;
        }

        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator(context.Options.RandomSeed, context.Function.Device);
        var first = context.Batch([.. Enumerable.Range(0, size)]);

        // The first one also pays for what is made once.
        first.Jacobian.SquaredNormEstimate(first.Inputs, generator);
        List<TimeSpan> times = [];
        var clock = Stopwatch.StartNew();
        while (times.Count == 0
            || (Whole(times[0]) * MayBeOff > s_worthSaying && clock.Elapsed < s_longEnough && times.Count < MostTimed))
        {
            var began = clock.Elapsed;
            first.Jacobian.SquaredNormEstimate(first.Inputs, generator);
            times.Add(clock.Elapsed - began);
        }

        times.Sort();
        var middle = times[times.Count / 2];
        return new Forecast(
            context.Outputs, context.Inputs, count, Whole(middle), DefaultDirections, middle * ((double)count / size) * DefaultDirections);

        TimeSpan Whole(TimeSpan pass) => pass * ((double)count / size) * (1 - Backward + (Backward * rows));
    }

    private sealed record Made(Forecast? Forecast);

    private readonly record struct Once;
}
