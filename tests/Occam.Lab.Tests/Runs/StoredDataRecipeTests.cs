using Occam.Data;
using Occam.Lab.Runs.Configuration;
using Occam.Lab.Runs.Data;
using Xunit;

namespace Occam.Lab.Tests.Runs;

public sealed class StoredDataRecipeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("occam-recipe-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_column_of_answers_and_a_size_of_pictures_can_be_chosen()
    {
        var recipe = Assert.IsType<StoredDataRecipe>(Reading("train.csv", "none.csv", ", label: kind, size: 8x16").Require().Data);
        Assert.Equal("kind", recipe.Label);
        Assert.Equal(new PictureSize(8, 16), recipe.Size);
        Assert.Contains(new("data.size", "8x16"), ConfigurationValues.Of(Reading("a.csv", "b.csv", ", size: 8x16").Require()));
        Assert.Contains("no size of pictures", string.Join('\n', Reading("a.csv", "b.csv", ", size: 8").Problems));
    }

    [Fact]
    public void Test_data_of_other_classes_are_a_problem()
    {
        Write("train.csv", "a,y\n1,cat\n2,dog\n3,fox\n");
        Write("same.csv", "a,y\n1,fox\n2,dog\n3,cat\n");
        Write("other.csv", "a,y\n1,cat\n2,fox\n");
        Assert.Empty(RunPlan.Make(Reading("train.csv", "same.csv", "")).Problems);
        var problem = Assert.Single(RunPlan.Make(Reading("train.csv", "other.csv", "")).Problems);
        Assert.Contains("the classes of other.csv are cat, fox, and those of train.csv cat, dog, fox", problem.ToString());
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);

    private ConfigurationReading Reading(string train, string test, string more) => ConfigurationReading.OfText(
        $$"""
        network: { id: mlp, hidden: [4] }
        data: { train: {{Path.Combine(_folder.FullName, train)}}, test: {{Path.Combine(_folder.FullName, test)}}{{more}} }
        loss: cross-entropy
        optimizer: { id: sgd, learning-rate: 0.1 }
        batch: 1
        epochs: 1
        """,
        "run.yaml");
}
