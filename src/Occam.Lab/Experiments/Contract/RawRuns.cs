using System.Text.Json.Serialization.Metadata;
using Occam.Lab.Text;

namespace Occam.Lab.Experiments.Contract;

/// <summary>
/// Raw runs as a file, <c>runs.json</c>: every number that verdicts follow from, so that it reads back as it was, and a digest of them
/// all. What follows from these, or says in words how they were made, is not in it.
/// </summary>
/// <param name="Experiment">The experiment's id.</param>
/// <param name="Scale">How large it was run.</param>
/// <param name="Runs">The raw runs.</param>
/// <typeparam name="TRuns">Those of the experiment.</typeparam>
internal sealed record RawRuns<TRuns>(string Experiment, ExperimentScale Scale, TRuns Runs)
{
    private static readonly KeptJson s_json = new(
        new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutWhatFollows } }, maximumLength: 1 << 30);

    /// <summary>The file.</summary>
    public byte[] Write() => s_json.WithDigest(this);

    /// <summary>Reads the file.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="experiment">The id of the experiment whose runs are expected.</param>
    /// <exception cref="OccamException">It isn't there, is damaged, or has other runs.</exception>
    public static RawRuns<TRuns> Read(string file, string experiment)
    {
        var read = s_json.ReadFile<RawRuns<TRuns>>(file);
        return read.Experiment == experiment
            ? read
            : throw new OccamException($"'{file}' has the runs of '{read.Experiment}': expected those of '{experiment}'");
    }

    private static void LeaveOutWhatFollows(JsonTypeInfo type)
    {
        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            var property = type.Properties[i];
            if (property.Set is null || IsWords(property.PropertyType))
            {
                type.Properties.RemoveAt(i);
            }
        }
    }

    private static bool IsWords(Type type) =>
        type.GenericTypeArguments is [var item]
        && (item == typeof(ExperimentSetting) || item == typeof(RawTable) || item == typeof(Reports.RichText));
}
