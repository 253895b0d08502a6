using Occam.Lab.Runs.Clusters;

namespace Occam.Lab.Measuring.Shards;

/// <summary>Measuring a shard, as a process of its own.</summary>
/// <param name="place">Which shard.</param>
/// <param name="arguments">The arguments of <c>occam measure</c> but for the shard.</param>
/// <param name="folder">The folder of the parts.</param>
internal sealed class ShardTask(ShardPlace place, IReadOnlyList<string> arguments, string folder) : ClusterTask
{
    private bool _isDone;

    /// <inheritdoc/>
    public override string Name => $"shard {place}";

    /// <summary>The part's file.</summary>
    public string FilePath => Path.Combine(folder, $"{place.Number}-of-{place.Of}.part");

    /// <inheritdoc/>
    public override IReadOnlyList<string> Arguments() => ["measure", .. arguments, "--shard", place.ToString(), "--part", FilePath];

    /// <inheritdoc/>
    public override bool IsDone(bool isGone)
    {
        if (_isDone || !isGone || !File.Exists(FilePath))
        {
            return _isDone;
        }

        // Of other settings, it is for its process to refuse it.
        var part = ShardPart.Read(FilePath);
        return _isDone = part.IsComplete && part.Number == place.Number && part.Identity.Arguments.SequenceEqual(arguments);
    }

    /// <inheritdoc/>
    public override long Progress() => Written(FilePath);
}
