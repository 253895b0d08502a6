using System.Collections.Immutable;
using Occam.Data;

namespace Occam.Lab.Inference;

/// <summary>What was computed of a network: named arrays, and what there is to say about them.</summary>
/// <param name="Arrays">The arrays.</param>
/// <param name="Notes">What was done, and what wasn't, a line each.</param>
public sealed record InferenceResult(ImmutableArray<InferenceResult.Entry> Arrays, ImmutableArray<string> Notes)
{
    /// <summary>Writes the arrays into an archive.</summary>
    /// <exception cref="OccamException">Two have one name, or the file can't be written there.</exception>
    public void Write(string path)
    {
        if (Arrays.GroupBy(entry => entry.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new OccamException($"two arrays would be named '{twice.Key}': choose other outputs with --output");
        }

        NpzFile.Write(path, Arrays.Select(entry => KeyValuePair.Create(entry.Name, entry.Array)));
    }

    /// <summary>One array.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="What">What it is.</param>
    /// <param name="Array">The numbers.</param>
    public sealed record Entry(string Name, string What, NumberArray Array);
}
