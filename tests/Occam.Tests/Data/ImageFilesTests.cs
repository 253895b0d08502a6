using Occam.Data;
using Xunit;
using static Occam.Tests.Data.ImageBytes;
using static Occam.Tests.Data.Reading;

namespace Occam.Tests.Data;

public sealed class ImageFilesTests
{
    [Fact]
    public void Idx_images_find_their_labels_beside_them_packed_or_not()
    {
        using TemporaryFolder folder = new();
        string images = folder.Write("few-images-idx3-ubyte", IdxImages(3));
        Assert.Null(DataSource.Open(images, new()).Labels);

        folder.Write("few-labels-idx1-ubyte.gz", NumpyBytes.Gzip(IdxLabels(2, 0, 7)));
        DataSet set = DataSource.Open(images, new());
        Assert.Equal([2, 0, 7], set.Labels!);
        Assert.Equal(8, set.Classes);
        Assert.Equal([1, 2, 3], set.ExampleShape);
        Assert.Equal(13 / 255.0, Inputs(set)[9]);
        Assert.Contains("pixels in [0, 1]", set.Description);
    }

    [Fact]
    public void Damaged_idx_is_refused()
    {
        Refuses("magic number is 2049, expected 2051, the one of labels", "a-idx", IdxLabels(1, 2));
        Refuses("magic number is 1347093252, expected 2051", "a-idx", [0x50, 0x4B, 3, 4, 0, 0, 0, 0]);
        Refuses("truncated", "a-idx", IdxImages(3)[..^1]);
        Refuses("damaged", "a-idx", [.. IdxImages(3), 0]);
        Refuses("truncated", "a-idx", [0, 0]);
        Refuses("at least 1", "a-idx", Idx(2051, [0, 2, 3], []));
        Refuses("at least 1", "a-idx", Idx(2051, [-1, 2, 3], []));
        Refuses("declares", "a-idx", Idx(2051, [int.MaxValue, int.MaxValue, int.MaxValue], [1]));
        Assert.Throws<OccamException>(() => DataFile.Read(new MemoryStream(IdxImages(1)), "labels", 1 << 20, IdxReader.ReadLabels));
    }

    [Fact]
    public void Images_and_labels_of_different_number_are_refused()
    {
        using TemporaryFolder folder = new();
        string images = folder.Write("few-images-idx3-ubyte", IdxImages(3));
        folder.Write("few-labels-idx1-ubyte", IdxLabels(2, 0));
        Assert.Contains("3 examples but 2 labels", Assert.Throws<OccamException>(() => DataSource.Open(images, new())).Message);
    }

    [Fact]
    public void A_cifar_batch_is_normalized_channel_by_channel()
    {
        DataSet set = Read("batch.bin", Cifar(3, 9));
        Assert.Equal([3, 9], set.Labels!);
        Assert.Equal(10, set.Classes);
        Assert.Equal([3, 32, 32], set.ExampleShape);
        double[] x = Inputs(set);
        Assert.Equal((0.2 - 0.4914) / 0.2470, x[0], 1e-12);
        Assert.Equal((0.4 - 0.4822) / 0.2435, x[1024], 1e-12);
        Assert.Equal((1.0 - 0.4465) / 0.2616, x[3071 + 3072], 1e-12);

        x = Inputs(Read("batch.bin.gz", NumpyBytes.Gzip(Cifar(3)), new() { Normalization = NormalizationChoice.None }));
        Assert.Equal([0.2, 0.4, 1], [x[0], x[1024], x[2048]]);
    }

    [Fact]
    public void Damaged_cifar_batches_are_refused()
    {
        Refuses("3,073", "batch.bin", Cifar(1)[..^1]);
        Refuses("3,073", "batch.bin", []);
        Refuses("label of image 1 is 10", "batch.bin", Cifar(1, 10));
    }

    [Fact]
    public void Names_that_tell_no_format_and_things_that_are_not_there_are_refused()
    {
        using TemporaryFolder folder = new();
        Refuses("tells no format", "table.csv", [1, 2, 3]);
        Assert.Contains("is a folder", Assert.Throws<OccamException>(() => DataSource.Open(folder.Path, new())).Message);
        Assert.Contains("neither a file", Assert.Throws<OccamException>(() => DataSource.Open("nothing.npz", new())).Message);
        Assert.Contains("mnist:train or mnist:test", Assert.Throws<OccamException>(() => DataSource.Open("mnist", new())).Message);
        Assert.Contains("glyphs:train", Assert.Throws<OccamException>(() => DataSource.Open("imagenet:train", new())).Message);
    }

    [Fact]
    public void A_limit_takes_a_described_subset()
    {
        DataSet set = DataSource.Open("glyphs:test", new() { Limit = 30, Seed = 5 });
        Assert.Equal(30, set.Count);
        Assert.Contains(
            "30 at random (seed 5) of 2,000 examples of shape 1×28×28, 10 classes, normalized as (x − 0.1404)/0.2598", set.Description);
        Assert.Equal(10, set.Classes);
    }
}
