using Occam.Data;
using Xunit;

namespace Occam.Tests.Data;

public sealed class DataSetTests
{
    private static readonly double[] Six = [1, 2, 3, 4, 5, 6];

    [Fact]
    public void Copies_the_asked_examples_in_the_asked_order()
    {
        DataSet set = DataSet.FromArrays("six", [2], Six);
        double[] copy = new double[6];
        set.CopyInputs([2, 0, 2], copy);
        Assert.Equal([5, 6, 1, 2, 5, 6], copy);
        float[] single = new float[2];
        set.CopyInputs([1], single);
        Assert.Equal([3f, 4f], single);
    }

    [Fact]
    public void Doubles_keep_their_last_bit()
    {
        double[] copy = new double[1];
        DataSet.FromArrays("tenth", [1], [0.1]).CopyInputs([0], copy);
        Assert.Equal(0.1, copy[0]);
    }

    [Fact]
    public void A_subset_is_a_function_of_limit_and_seed_and_keeps_examples_with_their_labels_and_targets()
    {
        double[] x = [.. Enumerable.Range(0, 100).Select(i => (double)i)];
        DataSet set = DataSet.FromArrays(
            "counted", [1], x, [.. Enumerable.Range(0, 100)], [.. Enumerable.Range(0, 200).Select(i => i / 2.0)]);
        DataSet subset = set.Subset(10, 7);
        double[] first = All(subset);
        Assert.Equal(first, All(set.Subset(10, 7)));
        Assert.NotEqual(first, All(set.Subset(10, 8)));
        Assert.Equal(first[..4], All(set.Subset(4, 7)));
        Assert.Equal(10, first.Distinct().Count());
        Assert.Equal(first, subset.Labels!.Select(label => (double)label));
        Assert.Equal(first, Enumerable.Range(0, 10).Select(i => subset.Targets![2 * i]));
        Assert.Equal(2, subset.TargetSize);
        Assert.Equal(100, subset.Classes);
        Assert.Contains("10 at random (seed 7) of 100 examples", subset.Description);
    }

    [Fact]
    public void A_limit_beyond_the_set_changes_nothing()
    {
        DataSet set = DataSet.FromArrays("six", [2], Six);
        Assert.Same(set, set.Subset(3, 0));
        Assert.Throws<OccamException>(() => set.Subset(0, 0));
    }

    [Fact]
    public void Refuses_inputs_that_are_not_finite_and_says_which_example()
    {
        OccamException error = Assert.Throws<OccamException>(() => DataSet.FromArrays("bad", [2], [1f, 2f, 3f, float.NaN]));
        Assert.Contains("example 1 is NaN", error.Message);
        error = Assert.Throws<OccamException>(() => DataSet.FromArrays("bad", [2], [1, double.NegativeInfinity, 3, 4]));
        Assert.Contains("example 0", error.Message);
    }

    [Fact]
    public void Refuses_parts_that_do_not_fit()
    {
        Assert.Contains("no examples", Assert.Throws<OccamException>(() => DataSet.FromArrays("x", [2], Array.Empty<double>())).Message);
        Assert.Contains("whole number", Assert.Throws<OccamException>(() => DataSet.FromArrays("x", [4], Six)).Message);
        Assert.Contains("2 labels", Assert.Throws<OccamException>(() => DataSet.FromArrays("x", [2], Six, [0, 1])).Message);
        Assert.Contains("example 2 is -1", Assert.Throws<OccamException>(() => DataSet.FromArrays("x", [2], Six, [0, 1, -1])).Message);
        Assert.Contains("2 targets", Assert.Throws<OccamException>(() => DataSet.FromArrays("x", [2], Six, null, [0, 1])).Message);
        Assert.Contains("finite", Assert.Throws<OccamException>(() => DataSet.FromArrays("x", [2], Six, null, [0, 1, double.NaN])).Message);
    }

    [Fact]
    public void Required_labels_must_exist_and_lie_below_the_outputs()
    {
        DataSet set = DataSet.FromArrays("x", [2], Six, [0, 4, 1]);
        Assert.Equal(5, set.Classes);
        Assert.Equal([0, 4, 1], set.RequireLabels(5));
        Assert.Contains("example 1 is 4", Assert.Throws<OccamException>(() => set.RequireLabels(4)).Message);
        Assert.Contains("no labels", Assert.Throws<OccamException>(() => DataSet.FromArrays("x", [2], Six).RequireLabels()).Message);
        Assert.Contains(
            "integers", Assert.Throws<OccamException>(() => DataSet.FromArrays("x", [2], Six, null, [1, 2, 3]).RequireLabels()).Message);
    }

    [Fact]
    public void Asking_for_an_example_that_is_not_there_is_refused()
    {
        DataSet set = DataSet.FromArrays("six", [2], Six);
        Assert.Throws<ArgumentOutOfRangeException>(() => set.CopyInputs([3], new double[2]));
        Assert.Throws<ArgumentException>(() => set.CopyInputs([0, 1], new float[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Subset(2, 0).CopyInputs([2], new double[2]));
    }

    private static double[] All(DataSet set)
    {
        double[] inputs = new double[set.Count * set.ExampleSize];
        set.CopyInputs([.. Enumerable.Range(0, set.Count)], inputs);
        return inputs;
    }

    [Fact]
    public void Other_labels_leave_the_inputs_as_they_are()
    {
        var data = Glyphs.Create(20, 3);
        var labels = Enumerable.Range(0, 20).Select(i => 9 - (i % 10)).ToArray();
        var relabelled = data.WithLabels(labels, "labels backwards");

        float[] before = new float[20 * data.ExampleSize], after = new float[20 * data.ExampleSize];
        data.CopyInputs([.. Enumerable.Range(0, 20)], before);
        relabelled.CopyInputs([.. Enumerable.Range(0, 20)], after);
        Assert.Equal(before, after);
        Assert.Equal(labels, relabelled.Labels);
        Assert.Contains("with labels backwards", relabelled.Description, StringComparison.Ordinal);
        Assert.Contains(
            "19 labels were given", Assert.Throws<OccamException>(() => data.WithLabels(labels[1..], "fewer")).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "labels must be 0 to 9", Assert.Throws<OccamException>(() => data.WithLabels([.. labels.Select(_ => 10)], "larger")).Message,
            StringComparison.Ordinal);
    }
}
