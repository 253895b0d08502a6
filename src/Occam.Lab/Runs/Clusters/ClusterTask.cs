namespace Occam.Lab.Runs.Clusters;

/// <summary>A piece of work that is a process of this program, and keeps in files of its own what it has done.</summary>
internal abstract class ClusterTask
{
    /// <summary>What it is called, in messages and files: no two of one work are called alike.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it has come to its end, as its files say.</summary>
    /// <param name="isGone">Whether its process is gone. Otherwise it may be writing.</param>
    public abstract bool IsDone(bool isGone);

    /// <summary>The program's arguments with which it begins, or goes on where its files end.</summary>
    public abstract IReadOnlyList<string> Arguments();

    /// <summary>Something that changes whenever it has got further.</summary>
    public abstract long Progress();

    /// <summary>Why it has failed, as its files say; null where they don't.</summary>
    public virtual string? Failure() => null;

    /// <summary>When a file was written last, as a number; 0 without one.</summary>
    protected static long Written(string path) => File.Exists(path) ? File.GetLastWriteTimeUtc(path).Ticks : 0;
}
