using System.Text;
using Occam.Lab.Documents;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Xunit;

namespace Occam.Lab.Tests.Experiments;

/// <summary>Raw runs, written to a file and judged from there.</summary>
internal static class KeptRuns
{
    /// <summary>Asserts that the file of an experiment's runs gives every verdict again, with its reasons and its numbers.</summary>
    public static void AssertJudgedAlike(
        Experiment experiment, ReadOnlyMemory<byte> runs, ExperimentScale scale, IEnumerable<VerdictBlock> verdicts)
    {
        var folder = Directory.CreateTempSubdirectory("occam-kept-");
        try
        {
            var file = Path.Combine(folder.FullName, "runs.json");
            File.WriteAllBytes(file, runs.Span);

            var again = experiment.VerdictsOf(file);

            Assert.Equal(scale, again.Scale);
            Assert.Equal([.. verdicts.Select(InFull)], again.Verdicts.Select(InFull));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string InFull(VerdictBlock verdict) =>
        Encoding.UTF8.GetString(DocumentJson.Write(ReproductionDocument.ClaimEntry.Of(verdict)));
}
