using System.Text;
using Occam.Lab.Runs.Store;
using Occam.Training;
using Xunit;

namespace Occam.Lab.Tests.Runs;

public sealed class MetricTailTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("occam-tail-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "metrics.jsonl");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Rows_are_read_once_and_a_row_in_the_making_when_it_is_whole()
    {
        var tail = new MetricTail(_folder.FullName);
        Assert.Empty(tail.Next(out _));
        var third = Line(3);
        Append(Line(1) + Line(2) + third[..10]);
        Assert.Equal([1, 2], Steps(tail, isAnew: false));
        Assert.Empty(tail.Next(out _));
        Append(third[10..]);
        Assert.Equal([3], Steps(tail, isAnew: false));
    }

    [Fact]
    public void A_damaged_row_is_left_out()
    {
        var tail = new MetricTail(_folder.FullName);
        Append(Line(1) + Line(2).Replace("\"step\":2", "\"step\":7") + "nothing\n" + Line(3));
        Assert.Equal([1, 3], Steps(tail, isAnew: false));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void A_run_that_cut_its_rows_off_is_read_anew(int written)
    {
        var tail = new MetricTail(_folder.FullName);
        Append(string.Concat(Enumerable.Range(0, 10).Select(i => Line(i))));
        Assert.Equal(10, Steps(tail, isAnew: false).Length);

        // Longer or shorter than before, and the same up to the checkpoint.
        File.WriteAllText(Path, Line(0) + string.Concat(Enumerable.Range(1, written).Select(i => Line(i, seconds: 0.125 * i))));

        Assert.Equal(Enumerable.Range(0, written + 1).Select(i => (long)i), Steps(tail, isAnew: true));
        Append(Line(99));
        Assert.Equal([99], Steps(tail, isAnew: false));
        File.Delete(Path);
        Assert.Empty(Steps(tail, isAnew: true));
    }

    private static string Line(int step, double seconds = 0.5) =>
        Encoding.UTF8.GetString(CheckedLine.Write(new Metric(step, 0, "loss", 1.0 / (1 + step), 0, seconds)));

    private static long[] Steps(MetricTail tail, bool isAnew)
    {
        long[] steps = [.. tail.Next(out var found).Select(metric => metric.Step)];
        Assert.Equal(isAnew, found);
        return steps;
    }

    private void Append(string text) => File.AppendAllText(Path, text);
}
