using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>What was measured of a trained network.</summary>
/// <param name="Trained">How its training ended.</param>
internal abstract record NetworkMeasurement(TrainedRun Trained) : ISeededRun
{
    /// <inheritdoc/>
    public string Group => Trained.Group;

    /// <inheritdoc/>
    public double Level => Trained.Level;

    /// <inheritdoc/>
    public int Seed => Trained.Seed;

    /// <summary>Whether all labels it was trained on are random.</summary>
    public bool Random => Trained.Random;
}
