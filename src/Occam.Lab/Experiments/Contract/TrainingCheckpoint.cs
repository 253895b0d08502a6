using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Occam.Training;

namespace Occam.Lab.Experiments.Contract;

/// <summary>
/// The state of one training of an experiment in a file, from which a later run of the experiment goes on: written every
/// few minutes, when the user interrupts and at the end. It is of this training alone: another setting is another file.
/// </summary>
internal sealed class TrainingCheckpoint
{
    private static readonly TimeSpan s_every = TimeSpan.FromMinutes(5);

    private readonly string? _path;
    private readonly SittingClock _clock;
    private long _written = Stopwatch.GetTimestamp();

    private TrainingCheckpoint(string? path, SittingClock clock) => (_path, _clock) = (path, clock);

    /// <summary>Whether the last one is so old that another should be written.</summary>
    public bool IsDue => _path is not null && Stopwatch.GetElapsedTime(_written) >= s_every;

    /// <summary>The checkpoint of a training; none is kept where the context has no folder for them.</summary>
    /// <param name="context">What the experiment is run with.</param>
    /// <param name="training">All that the training's numbers depend on, in words.</param>
    public static TrainingCheckpoint For(ExperimentContext context, string training) =>
        new(context.CheckpointFolder is { } folder
            ? Path.Combine(folder, $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(training)))[..24]}.npz")
            : null, context.Clock);

    /// <summary>The state that was written; null where there is none, or none that can be read.</summary>
    public StateArchive? Load()
    {
        try
        {
            return File.Exists(_path) ? StateArchive.Load(_path) : null;
        }
        catch (OccamException)
        {
            // Damaged: what it held is trained again.
            return null;
        }
    }

    /// <summary>Writes the state, where checkpoints are kept.</summary>
    /// <exception cref="OccamException">The file can't be written; one that was there is as it was.</exception>
    public void Write(Func<StateArchive> state)
    {
        if (_path is null)
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        state().Save(_path);
        _clock.Save();
        _written = Stopwatch.GetTimestamp();
    }
}
