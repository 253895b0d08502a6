using Occam.Lab.Runs.Clusters;

namespace Occam.Lab.Experiments.Reproduction;

/// <summary>Computing a figure, as a process of its own, which goes on from the trainings that it has kept.</summary>
/// <param name="id">The experiment.</param>
/// <param name="arguments">The arguments of <c>occam reproduce</c>, its folder among them.</param>
/// <param name="folder">The folder of its page.</param>
/// <param name="marker">A file that is there from when it is first submitted until it is done.</param>
internal sealed class ReproduceTask(string id, IReadOnlyList<string> arguments, string folder, string marker) : ClusterTask
{
    /// <inheritdoc/>
    public override string Name => id;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Arguments()
    {
        if (!File.Exists(marker))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(marker)!);
            AtomicFile.Write(marker, _ => { });
        }

        return ["reproduce", .. arguments];
    }

    /// <inheritdoc/>
    public override bool IsDone(bool isGone)
    {
        if (!isGone || !File.Exists(marker) || Written(Path.Combine(folder, Reproduction.RecordName)) < Written(marker))
        {
            return false;
        }

        File.Delete(marker);
        return true;
    }

    /// <inheritdoc/>
    public override long Progress() => Directory.Exists(folder)
        ? OwnFiles.Below(folder, "*").Select(Written).DefaultIfEmpty(0).Max()
        : 0;
}
