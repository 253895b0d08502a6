namespace Occam.Lab.Experiments.Contract;

/// <summary>One of several computations side by side, as it sees itself.</summary>
/// <param name="index">Its place among them, from 0.</param>
/// <param name="cancellation">Set when the user interrupts, or when one beside it fails.</param>
/// <param name="report">Told the share of this replica that is done.</param>
public sealed class Replica(int index, CancellationToken cancellation, Action<double> report)
{
    private const double ReportInterval = 0.002;
    private double _reported;

    /// <summary>Its place among the replicas, from 0.</summary>
    public int Index => index;

    /// <summary>To be heeded at every step or so.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>Tells the share done, from 0 to 1; cheap enough for every step.</summary>
    public void Report(double share)
    {
        if (share - _reported >= ReportInterval)
        {
            _reported = share;
            report(share);
        }
    }
}
