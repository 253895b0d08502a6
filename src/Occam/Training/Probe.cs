namespace Occam.Training;

/// <summary>Something looked at while training, one file each in <c>Probes/</c>. It changes nothing.</summary>
/// <param name="When">At which steps; before the first and after the last in any case.</param>
public abstract record Probe(Cadence When)
{
    /// <summary>What it is called where its cost is told.</summary>
    public abstract string Name { get; }

    /// <summary>Looks.</summary>
    public abstract IEnumerable<Metric> Observe(Trainer trainer);
}
