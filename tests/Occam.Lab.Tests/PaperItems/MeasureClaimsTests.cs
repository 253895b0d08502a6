using Occam.Lab.Experiments.Contract;
using Occam.Lab.PaperItems.Results;
using Occam.Measures;
using Xunit;

namespace Occam.Lab.Tests.PaperItems;

/// <summary>What raises and lowers a measure is what the papers claim, with the verdict that is recorded.</summary>
public sealed class MeasureClaimsTests
{
    public static TheoryData<string> Measures => [.. MeasureClaims.All.Keys];

    [Theory]
    [MemberData(nameof(Measures))]
    public void Every_claim_is_one_of_a_figure_and_is_told_with_its_recorded_verdict(string id)
    {
        Assert.Contains(id, MeasureCatalogue.All.Keys);
        var sentences = MeasureClaims.Of(id);
        Assert.Equal(MeasureClaims.All[id].Length, sentences.Count);
        foreach (var (claim, sentence) in MeasureClaims.All[id].Zip(sentences))
        {
            var (figure, name) = claim.Split('/') is [var first, var second] ? (first, second) : (claim, "");
            Assert.Contains(name, ExperimentCatalogue.Find(figure).Claims.Select(one => one.Id));
            var standing = RecordedFigures.InOccam.Of(claim);
            Assert.StartsWith(standing.Entry!.Claim, sentence);
            Assert.EndsWith($"{ItemStanding.WordsOf(standing.Entry)} ({claim}).", sentence);
        }
    }

    [Fact]
    public void Of_a_measure_that_no_claim_is_about_nothing_is_said() => Assert.Empty(MeasureClaims.Of("parameter-count"));
}
