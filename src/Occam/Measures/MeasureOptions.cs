namespace Occam.Measures;

/// <summary>How measures are computed.</summary>
public sealed record MeasureOptions
{
    /// <summary>Examples computed at once; chosen from the network's size when left out.</summary>
    public int? Batch { get; init; }

    /// <summary>Random directions for each example in place of an exact Jacobian; exact when left out.</summary>
    public int? Directions { get; init; }

    /// <summary>
    /// Whether Jacobians of many rows and columns are computed exactly, too; when left out, those with more than
    /// <see cref="MostExactRows"/> of both are estimated.
    /// </summary>
    public bool Exact { get; init; }

    /// <summary>
    /// The rows of a Jacobian, or its columns where they are fewer, up to which it is computed exactly unless asked otherwise.
    /// </summary>
    public const int MostExactRows = 2048;

    /// <summary>The seed of everything random.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// The seed for generators: what is drawn has nothing in common with weights that were first drawn from the same seed.
    /// </summary>
    internal ulong RandomSeed => RandomStream.Seed(Seed, RandomStream.Measuring);

    /// <summary>Whether quantities that have one value a layer also report it where that costs more time.</summary>
    public bool Layers { get; init; }

    /// <summary>Keeps values by example, or has them already; all are computed, and none kept, when left out.</summary>
    public IExampleValues? Values { get; init; }

    /// <summary>Receives what long work will take, before it begins.</summary>
    public Action<Forecast>? Expect { get; init; }

    /// <summary>Receives what other long work is, and how long it will take, before it begins.</summary>
    public Action<string, TimeSpan>? ExpectWork { get; init; }

    /// <summary>How many pieces of independent work, each on one thread, may run at a time; libtorch's threads when left out.</summary>
    public int? Threads { get; init; }

    /// <summary>Receives the share of the current measure that is done, from 0 to 1.</summary>
    public Action<double>? Progress { get; init; }

    /// <summary>Cancels the computation.</summary>
    public CancellationToken Cancellation { get; init; }
}
