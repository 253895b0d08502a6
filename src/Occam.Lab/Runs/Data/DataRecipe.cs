using Occam.Data;

namespace Occam.Lab.Runs.Data;

/// <summary>How a run comes by its data: one file each in this folder.</summary>
/// <param name="Id">The name in configurations.</param>
public abstract record DataRecipe(string Id)
{
    /// <summary>The recipe that is meant where no id is given.</summary>
    public const string DefaultId = "stored";

    /// <summary>The name in configurations.</summary>
    public string Id { get; } = Id;

    /// <summary>The training examples.</summary>
    /// <exception cref="OccamException">They aren't there, or are damaged.</exception>
    public abstract DataSet OpenTrain();

    /// <summary>The test examples; null for none.</summary>
    /// <exception cref="OccamException">They aren't there, or are damaged.</exception>
    public abstract DataSet? OpenTest();

    /// <summary>Other examples, which a probe names, treated in the same way.</summary>
    /// <exception cref="OccamException">They aren't there, or are damaged.</exception>
    public virtual DataSet OpenOther(string specification) => DataSource.Open(specification, new DataOptions());
}
