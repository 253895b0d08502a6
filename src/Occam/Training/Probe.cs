namespace Occam.Training;

/// <summary>A quantity that is observed during training, one file each in <c>Probes/</c>. It changes nothing.</summary>
/// <param name="When">The steps at which it is computed; always before the first step and after the last.</param>
public abstract record Probe(Cadence When)
{
    /// <summary>The name under which its cost is reported.</summary>
    public abstract string Name { get; }

    /// <summary>Computes its metrics for the trainer's current weights.</summary>
    public abstract IEnumerable<Metric> Observe(Trainer trainer);
}
