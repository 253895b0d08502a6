using Occam.Lab.Inference;

namespace Occam.Lab.Documents;

/// <summary>What <c>occam run --json</c> writes.</summary>
/// <param name="Occam">The version of Occam.</param>
/// <param name="Network">The network's file.</param>
/// <param name="Data">The file of its inputs; null for a network without any.</param>
/// <param name="Out">The file that the arrays were written to.</param>
/// <param name="Position">The position that was taken of the first output: <c>last</c>, <c>mean</c> or a number; null for all.</param>
/// <param name="Arrays">The arrays, in their order in the file.</param>
/// <param name="Notes">What was done, and what wasn't.</param>
public sealed record InferenceDocument(
    string Occam,
    string Network,
    string? Data,
    string Out,
    string? Position,
    IReadOnlyList<InferenceDocument.ArrayEntry> Arrays,
    IReadOnlyList<string> Notes)
{
    /// <summary>The document of what was computed of a network.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="target">The file that the arrays were written to.</param>
    /// <param name="result">What was computed.</param>
    public static InferenceDocument Of(InferenceRequest request, string target, InferenceResult result) => new(
        RunEnvironment.Version,
        request.Network,
        request.Data,
        target,
        request.Position?.Text,
        [.. result.Arrays.Select(entry => new ArrayEntry(entry.Name, entry.What, entry.Array.TypeName, [.. entry.Array.Shape]))],
        result.Notes);

    /// <summary>An array of the file.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="What">What it is.</param>
    /// <param name="Type">The type of its numbers, as NumPy has it.</param>
    /// <param name="Shape">Its sizes; none for a single number.</param>
    public sealed record ArrayEntry(string Name, string What, string Type, IReadOnlyList<int> Shape);
}
