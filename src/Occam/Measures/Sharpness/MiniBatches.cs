namespace Occam.Measures.Sharpness;

/// <summary>
/// Mini-batches drawn uniformly and independently of each other, none with an example twice; all the data where they are no more.
/// </summary>
internal sealed class MiniBatches
{
    // Apart from the streams of the examples' own random numbers.
    private const long Stream = 0x6261746368;

    private readonly MeasureContext _context;
    private readonly int _size;
    private readonly SeededRandom _random;
    private readonly ExampleBatch? _whole;

    /// <summary>Begins to draw.</summary>
    /// <param name="context">Where the examples are.</param>
    /// <param name="size">How many to draw at once.</param>
    public MiniBatches(MeasureContext context, int size)
    {
        _context = context;
        _random = new SeededRandom(context.Options.Seed, Stream);
        _size = Math.Min(size, context.Data!.Count);
        if (_size == context.Data.Count)
        {
            var all = Enumerable.Range(0, _size).ToArray();
            _whole = context.Batch(all);
        }
    }

    /// <summary>The next mini-batch.</summary>
    public ExampleBatch Next() => _whole ?? _context.Batch(NextIndices());

    /// <summary>The numbers of the next mini-batch's examples, in place of the batch.</summary>
    public int[] NextIndices() => _whole?.Indices ?? _random.Choose(_size, _context.Data!.Count);
}
