using System.Text.RegularExpressions;
using Occam.Data;
using Occam.Lab.Experiments.Contract;
using Occam.Measures;
using Occam.Networks;
using Occam.Theory;
using Occam.Training;
using Xunit;

namespace Occam.Lab.Tests.Documents;

public sealed class HandbookTests
{
    /// <summary>A file of docs, and the names that stand in it.</summary>
    public static TheoryData<string, string[]> Named => new()
    {
        { "measures.md", [.. MeasureCatalogue.All.Keys] },
        { "../README.md", [.. MeasureCatalogue.All.Where(entry => !IsOfTheFamilies(entry.Value.Source)).Select(entry => entry.Key)] },
        { "operators.md", [.. OperatorCatalogue.Supported] },
        { "regularizers.md", [.. Family.Prototypes<Regularizer>().Select(regularizer => regularizer.Id)] },
        { "theorems.md", [.. TheoremCatalogue.All.Keys] },
        { "experiments.md", [.. ExperimentCatalogue.All.Keys] },
        { "data.md", Endings() },
    };

    [Theory]
    [MemberData(nameof(Named))]
    public void What_there_is_is_documented(string file, string[] names)
    {
        var text = Repository.Read("docs", file);
        var missing = names.Where(name => !Regex.IsMatch(text, $@"(?<![\w-]){Regex.Escape(name)}(?![\w-])"));
        Assert.True(!missing.Any(), $"docs/{file} doesn't mention {string.Join(", ", missing)}: describe it there");
    }

    [Fact]
    public void Documents_of_the_handbook_are_of_this_version() => Assert.All(
        Regex.Matches(Repository.Read("docs", "json.md"), "\"occam\": \"(.*)\""),
        version => Assert.Equal(RunEnvironment.Version, version.Groups[1].Value));

    // The README leads to the two papers' families as a whole.
    private static bool IsOfTheFamilies(string source) => source.Contains("Jiang et al. 2020", StringComparison.Ordinal);

    // The endings of the files of data that are read, which are told where a name has none of them.
    private static string[] Endings()
    {
        var refusal = Assert.Throws<OccamException>(() => DataSource.Open(Path.Combine(Repository.Root, "Occam.slnx"), new DataOptions()));
        var told = refusal.Message[refusal.Message.IndexOf("give", StringComparison.Ordinal)..];
        return [.. Regex.Matches(told, @"\.[a-z]+").Select(ending => ending.Value)];
    }
}
