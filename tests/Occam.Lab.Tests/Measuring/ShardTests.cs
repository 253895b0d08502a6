using System.Text;
using Occam.Data;
using Occam.Lab.Measuring;
using Occam.Lab.Measuring.Shards;
using Occam.Measures;
using Occam.Networks.Builders;
using Occam.Networks.Onnx;
using Occam.Torch;
using Xunit;

namespace Occam.Lab.Tests.Measuring;

/// <summary>A shard that was interrupted goes on where it was.</summary>
public sealed class ShardTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("occam-shards-");

    private string Part => Path.Combine(_folder.FullName, "1.part");

    private string Network => Path.Combine(_folder.FullName, "net.onnx");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(40, 4, 3)]
    [InlineData(41, 4, 3)]
    [InlineData(7, 1, 7)]
    [InlineData(1_281_167, 37, 100)]
    public void Shards_are_runs_of_whole_batches_that_meet_without_gaps(int examples, int batch, int shards)
    {
        var next = 0;
        for (var i = 1; i <= shards; i++)
        {
            var (first, count) = new ShardPlace(i, shards).Range(examples, batch);
            Assert.Equal(next, first);
            Assert.Equal(0, first % batch);
            Assert.InRange(count, 1, (examples / shards) + (2 * batch));
            next += count;
        }

        Assert.Equal(examples, next);
    }

    [Fact]
    public void What_an_interrupted_run_left_is_taken_and_the_rest_computed()
    {
        var whole = Measure();
        var values = whole.Values.ToDictionary();
        var (kept, lost) = (("squared-norms", 0), ("squared-norms", 4));
        Assert.True(values.Remove(lost, out var expected));

        // A value that no computation gives shows which ones are computed again.
        values[kept] = [[-1, -2, -3, -4]];
        new ShardPart(whole.Header with { IsComplete = false }, values, Part).Write();
        var gone = Assert.Throws<OccamException>(() => ShardMeasurer.Check([ShardPart.Read(Part)]));
        Assert.Contains("is unfinished: run the command of shard 1/1 again", gone.Message);

        var again = Measure();

        Assert.True(again.IsComplete);
        Assert.Equal(values[kept], again.Values[kept]);
        Assert.Equal(expected, again.Values[lost]);
    }

    [Fact]
    public void An_interrupted_run_leaves_a_part_to_go_on_with()
    {
        Assert.Throws<OperationCanceledException>(() => Measure(isCancelled: true));

        Assert.False(ShardPart.Read(Part).IsComplete);
        Assert.True(Measure().IsComplete);
    }

    [Fact]
    public void A_shard_of_other_data_does_not_go_on_with_the_file()
    {
        Measure();

        Assert.Contains("is there already", Assert.Throws<OccamException>(() => Measure(scale: 2)).Message);
    }

    [Theory]
    [InlineData(1, 268435456)]
    [InlineData(1, -1)]
    [InlineData(268435456, 0)]
    public void A_part_that_says_it_holds_more_than_its_file_can_takes_no_memory(int columns, int numbers)
    {
        Measure();
        var sound = File.ReadAllBytes(Part);
        var header = sound.AsSpan(0, Array.IndexOf(sound, (byte)'\n') + 1);
        using (var file = File.Create(Part))
        {
            file.Write(header);
            using (var writer = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true))
            {
                writer.Write(1);
                writer.Write("squared-norms");
                writer.Write(0);
                writer.Write(columns);
                writer.Write(numbers);
            }

            TrailingDigest.OfArchives.Write(file);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var refused = Assert.Throws<OccamException>(() => ShardPart.Read(Part));

        Assert.Contains("it says that it holds more than it can", refused.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4L << 20);
    }

    [Theory]
    [InlineData("\"shards\":1", "\"shards\":2147483647")]
    [InlineData("\"arguments\":[\"net.onnx\"]", "\"arguments\":null")]
    [InlineData("\"first\":0", "\"first\":4")]
    public void A_part_whose_first_line_is_not_of_its_numbers_is_refused(string was, string becomes)
    {
        Measure();
        var sound = File.ReadAllBytes(Part);
        var end = Array.IndexOf(sound, (byte)'\n');
        var header = Encoding.UTF8.GetString(sound, 0, end);
        Assert.Contains(was, header);
        using (var file = File.Create(Part))
        {
            file.Write(Encoding.UTF8.GetBytes(header.Replace(was, becomes)));
            file.Write(sound.AsSpan(end..^TrailingDigest.OfArchives.Length));
            TrailingDigest.OfArchives.Write(file);
        }

        Assert.Contains($"the part '{Part}' can't be read", Assert.Throws<OccamException>(() => ShardPart.Read(Part)).Message);
    }

    private ShardPart Measure(bool isCancelled = false, float scale = 1)
    {
        if (!File.Exists(Network))
        {
            using var generator = new Generator(1);
            OnnxWriter.Write(Mlp.Build([2, 5, 3], "relu", InitializationScheme.He, generator).Graph, Network);
        }

        float[] x = [.. Enumerable.Range(0, 24).Select(i => scale * MathF.Sin(i))];
        var request = new MeasuringRequest
        {
            Data = "",
            DataOptions = new DataOptions(),
            Measures = [MeasureCatalogue.Find("geometric-complexity")],
            Options = new MeasureOptions { Batch = 4, Cancellation = new CancellationToken(isCancelled) },
        };
        return ShardMeasurer.Measure(
            Network, DataSet.FromArrays("points", [2], x), request, new ShardPlace(1, 1), Part, ["net.onnx"], new WorkProgress());
    }
}
