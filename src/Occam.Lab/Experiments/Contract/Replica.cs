namespace Occam.Lab.Experiments.Contract;

/// <summary>One of several computations that run in parallel.</summary>
/// <param name="index">Its index, from 0.</param>
/// <param name="cancellation">Cancelled when the user interrupts, or when another replica fails.</param>
/// <param name="report">Receives the share of this replica that is done.</param>
public sealed class Replica(int index, CancellationToken cancellation, Action<double> report)
{
    private const double ReportInterval = 0.002;
    private double _reported;

    /// <summary>Its index among the replicas, from 0.</summary>
    public int Index => index;

    /// <summary>Cancels the replica, which checks it about once a step.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>Reports the share done, from 0 to 1; cheap enough for every step.</summary>
    public void Report(double share)
    {
        if (share - _reported >= ReportInterval)
        {
            _reported = share;
            report(share);
        }
    }
}
