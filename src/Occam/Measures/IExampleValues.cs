namespace Occam.Measures;

/// <summary>
/// Values by example that passes over the data gave: kept as they are made, and taken from there in place of being computed. So a data
/// set is measured in shards, an interrupted shard goes on, and shards are merged.
/// </summary>
public interface IExampleValues
{
    /// <summary>The number in the whole data set of the first example of this run's data.</summary>
    int First { get; }

    /// <summary>How many examples the whole data set has.</summary>
    int Count { get; }

    /// <summary>Whether this run's data are a part of the whole: then what is made of all examples together isn't wanted.</summary>
    bool IsPart { get; }

    /// <summary>What a pass gave for a batch, a column a quantity; null where it isn't there and has to be computed.</summary>
    /// <param name="pass">The pass's name.</param>
    /// <param name="start">The number in the whole data set of the batch's first example.</param>
    /// <exception cref="OccamException">It should be there and isn't.</exception>
    double[][]? Find(string pass, int start);

    /// <summary>Keeps what a pass gave for a batch.</summary>
    /// <param name="pass">The pass's name.</param>
    /// <param name="start">The number in the whole data set of the batch's first example.</param>
    /// <param name="columns">A column a quantity: usually, but not always, a number an example.</param>
    void Keep(string pass, int start, double[][] columns);
}
