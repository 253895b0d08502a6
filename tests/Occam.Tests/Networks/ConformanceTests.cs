using Occam.Torch;
using Xunit;
using static Occam.Tests.Networks.ConformanceCases;

namespace Occam.Tests.Networks;

/// <summary>ONNX's own conformance cases, through the same code as <c>occam run</c>.</summary>
public sealed class ConformanceTests(ITestOutputHelper output)
{
    /// <summary>The least share of the cases that run and agree.</summary>
    private const double Floor = 0.95;

    /// <summary>The version whose score stands in the page.</summary>
    private const string DocumentedVersion = "1.12.0";

    [Fact]
    public void ONNX_s_conformance_cases_agree_or_are_refused()
    {
        var cases = Open(out var missing);
        Assert.SkipWhen(cases is null, missing ?? "");
        var threads = Libtorch.Threads;
        Libtorch.Threads = 1;
        Result[] results = [.. cases.All.Where(one => one.Aside.Length == 0).Select(cases.Run)];
        Libtorch.Threads = threads;

        var counts = results.CountBy(result => result.Outcome).ToDictionary();
        int Count(Outcome outcome) => counts.GetValueOrDefault(outcome);
        output.WriteLine($"ONNX {cases.Version}: of {results.Length} cases {Count(Outcome.Agrees)} run and agree, {Count(Outcome.Refused)} "
            + $"are refused, {Count(Outcome.Wrong)} are wrong, {Count(Outcome.Crashed)} crash; {cases.Report(results)} has those");
        var refused = results.Where(result => result.Outcome == Outcome.Refused).Select(result => result.Case.Operator).Distinct().Order();
        AssertDocumented(cases.Version, [
            $"Of the {results.Length} cases of ONNX {cases.Version}, {Count(Outcome.Agrees)} run and agree to 1e-4.",
            $"Refused, some or all cases: {string.Join(", ", refused)}.",
        ]);
        var bad = results.Where(result => result.Outcome is Outcome.Wrong or Outcome.Crashed)
            .Select(result => $"{result.Case.Name}: {result.Outcome}, {result.Why}");
        Assert.True(!bad.Any(), string.Join('\n', bad));
        Assert.InRange((double)Count(Outcome.Agrees) / results.Length, Floor, 1);
    }

    // Lines of the page are broken where they end.
    private static void AssertDocumented(string version, string[] sentences)
    {
        if (version != DocumentedVersion)
        {
            return;
        }

        var page = File.ReadAllText(Path.Combine(Repository, "docs", "operators.md")).ReplaceLineEndings(" ");
        Assert.All(sentences, sentence => Assert.True(page.Contains(sentence), $"docs/operators.md has to say: {sentence}"));
    }
}
