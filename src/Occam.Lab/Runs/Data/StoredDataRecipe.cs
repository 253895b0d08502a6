using Occam.Data;

namespace Occam.Lab.Runs.Data;

/// <summary>Named data sets, files and folders of pictures, as `occam measure --data` takes them.</summary>
/// <param name="Train">The training data: `mnist:train`, `points.npz`, `photos/train`.</param>
public sealed record StoredDataRecipe(string Train) : DataRecipe(DefaultId)
{
    /// <summary>The test data: `mnist:test`, `others.npz`, `photos/test`.</summary>
    public string? Test { get; init; }

    /// <summary>Train on so many of the examples, chosen at random; on all when left out.</summary>
    public int? Limit { get; init; }

    /// <summary>Test on so many of the examples, chosen at random; on all when left out.</summary>
    public int? TestLimit { get; init; }

    /// <summary>The seed of both choices.</summary>
    public int Seed { get; init; }

    /// <summary>The normalization of the inputs.</summary>
    public NormalizationChoice Normalization { get; init; } = NormalizationChoice.Default;

    /// <summary>The folder that is searched first for named data sets.</summary>
    public string? Root { get; init; }

    /// <summary>The column of a table that holds the answers; `y`, `label`, `target` or `class` when left out.</summary>
    public string? Label { get; init; }

    /// <summary>The size to which pictures are resized; when left out, they must have one.</summary>
    public PictureSize? Size { get; init; }

    /// <inheritdoc/>
    public override DataSet OpenTrain() => DataSource.Open(Train, Options(Limit));

    /// <inheritdoc/>
    public override DataSet? OpenTest() => Test is null ? null : DataSource.Open(Test, Options(TestLimit));

    /// <inheritdoc/>
    public override DataSet OpenOther(string specification) => DataSource.Open(specification, Options(null));

    private DataOptions Options(int? limit) => new()
    {
        Root = Root,
        Limit = limit,
        Seed = Seed,
        Normalization = Normalization,
        Label = Label,
        PictureSize = Size,
    };
}
