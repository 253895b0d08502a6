using Occam.Networks;

namespace Occam.Training;

/// <summary>
/// Where a network's weights live while it trains. There are two: libtorch for any network, and managed memory for
/// small dense ones; nothing outside of this folder knows which.
/// </summary>
internal interface IEngine : IDisposable
{
    /// <summary>What it is, for a run's record.</summary>
    string Name { get; }

    /// <summary>The number of outputs, k.</summary>
    int Outputs { get; }

    /// <summary>One step of the optimizer.</summary>
    /// <param name="batch">The examples.</param>
    /// <param name="rate">The learning rate.</param>
    StepOutcome Step(in Batch batch, double rate);

    /// <summary>The logits of some examples in evaluation mode, count × k.</summary>
    void Forward(ReadOnlySpan<float> inputs, int count, Span<double> logits);

    /// <summary>A copy of the network with its current weights.</summary>
    Network Snapshot();

    /// <summary>Writes all that the following steps depend on.</summary>
    void Save(StateArchive archive);

    /// <summary>Goes back to what <see cref="Save"/> wrote.</summary>
    void Load(StateArchive archive);
}
