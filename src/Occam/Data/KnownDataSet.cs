namespace Occam.Data;

/// <summary>A data set with a name of its own: what its files are called, where they may lie, where they come from.</summary>
public sealed record KnownDataSet
{
    /// <summary>The name in <c>NAME:train</c> and <c>NAME:test</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it holds, and whose it is.</summary>
    public required string Title { get; init; }

    /// <summary>The folders under a data root that it may lie in; the first is where a download goes.</summary>
    public required IReadOnlyList<string> Folders { get; init; }

    /// <summary>The files of the training part: for idx, images and then labels; for CIFAR-10, the batches.</summary>
    public required IReadOnlyList<KnownFile> TrainingFiles { get; init; }

    /// <summary>The files of the test part.</summary>
    public required IReadOnlyList<KnownFile> TestFiles { get; init; }

    /// <summary>How many examples all the training files hold.</summary>
    public required int TrainingCount { get; init; }

    /// <summary>How many examples all the test files hold.</summary>
    public required int TestCount { get; init; }

    /// <summary>The customary normalization: the mean and deviation of the training pixels, by channel.</summary>
    public required Normalization Normalization { get; init; }

    /// <summary>What <c>occam data get</c> fetches.</summary>
    public required IReadOnlyList<KnownDownload> Downloads { get; init; }

    /// <summary>Whether the files are CIFAR-10 batches, and not idx.</summary>
    internal bool IsCifar { get; init; }

    internal IReadOnlyList<KnownFile> Files(bool training) => training ? TrainingFiles : TestFiles;

    internal int ExpectedCount(bool training) => training ? TrainingCount : TestCount;
}
