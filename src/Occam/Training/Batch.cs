namespace Occam.Training;

/// <summary>Examples of one step, in memory that the next step uses again.</summary>
internal readonly ref struct Batch(ReadOnlySpan<float> inputs, ReadOnlySpan<double> targets, int count)
{
    public ReadOnlySpan<float> Inputs { get; } = inputs;

    public ReadOnlySpan<double> Targets { get; } = targets;

    public int Count { get; } = count;
}
