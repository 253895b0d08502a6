using Occam.Data;
using Xunit;
using static Occam.Tests.Data.ImageBytes;

namespace Occam.Tests.Data;

public sealed class DataLocatorTests
{
    private static readonly KnownDataSet Mnist = DataCatalogue.Find("mnist");
    private static readonly KnownDataSet Cifar10 = DataCatalogue.Find("CIFAR-10");

    [Fact]
    public void Roots_are_searched_in_their_order()
    {
        using TemporaryFolder folder = new();
        string[] roots = ["environment", "here/data", "here/../shared/data"];
        Directory.CreateDirectory(Path.Combine(folder.Path, "here"));
        foreach (string root in roots)
        {
            folder.Write(Path.Combine(root, "mnist", "t10k-images-idx3-ubyte"), IdxImages(1));
            folder.Write(Path.Combine(root, "mnist", "t10k-labels-idx1-ubyte"), IdxLabels(1));
        }

        DataLocator locator = new(null, Path.Combine(folder.Path, "environment"), Path.Combine(folder.Path, "here"));
        foreach (string root in roots)
        {
            Assert.StartsWith(Path.Combine(folder.Path, root), locator.Find(Mnist, training: false)[0].Path);
            File.Delete(Path.Combine(folder.Path, root, "mnist", "t10k-labels-idx1-ubyte"));
        }

        OccamException error = Assert.Throws<OccamException>(() => locator.Find(Mnist, training: false));
        Assert.All(roots, root => Assert.Contains(Path.Combine(folder.Path, root), error.Message));
        Assert.Contains("occam data get mnist", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_root_that_is_named_is_the_only_one()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(Path.Combine(folder.Path, "given"));
        folder.Write(Path.Combine("environment", "mnist", "t10k-images-idx3-ubyte"), IdxImages(1));
        folder.Write(Path.Combine("environment", "mnist", "t10k-labels-idx1-ubyte"), IdxLabels(1));

        var environment = Path.Combine(folder.Path, "environment");
        Assert.NotNull(new DataLocator(null, environment, folder.Path).FindOrNull(Mnist, training: false));
        Assert.Null(new DataLocator(Path.Combine(folder.Path, "given"), environment, folder.Path).FindOrNull(Mnist, training: false));
    }

    [Theory]
    [InlineData("mnist/train-images-idx3-ubyte", "mnist/train-labels-idx1-ubyte")]
    [InlineData("mnist/train-images-idx3-ubyte.gz", "mnist/train-labels-idx1-ubyte")]
    [InlineData("MNIST/raw/train-images-idx3-ubyte", "MNIST/raw/train-labels-idx1-ubyte.gz")]
    [InlineData("mnist/train-images.idx3-ubyte", "mnist/train-labels.idx1-ubyte")]
    public void Usual_layouts_are_found(string images, string labels)
    {
        using TemporaryFolder folder = new();
        folder.Write(images, images.EndsWith(".gz") ? NumpyBytes.Gzip(IdxImages(2)) : IdxImages(2));
        folder.Write(labels, labels.EndsWith(".gz") ? NumpyBytes.Gzip(IdxLabels(1, 2)) : IdxLabels(1, 2));
        DataSet set = DataSource.Open("mnist:train", new() { Root = folder.Path });
        Assert.Equal([1, 2], set.Labels!);
        Assert.Equal(10, set.Classes);
        Assert.Equal("mnist:train", set.Name);
        Assert.Contains("normalized as (x − 0.1307)/0.3081", set.Description);
    }

    [Fact]
    public void The_training_batches_that_are_there_make_the_set()
    {
        using TemporaryFolder folder = new();
        folder.Write("cifar-10-batches-bin/data_batch_2.bin", Cifar(4, 5));
        folder.Write("cifar-10-batches-bin/data_batch_1.bin.gz", NumpyBytes.Gzip(Cifar(3)));
        DataSet set = DataSource.Open("cifar10:train", new() { Root = folder.Path });
        Assert.Equal([3, 4, 5], set.Labels!);
        Assert.Contains("3 of 50,000 examples", set.Description);
        Assert.Equal(2, new DataLocator(folder.Path, null, folder.Path).Find(Cifar10, training: true).Count);
    }

    [Fact]
    public void Labels_beyond_the_ten_classes_are_refused()
    {
        using TemporaryFolder folder = new();
        folder.Write("mnist/t10k-images-idx3-ubyte", IdxImages(2));
        folder.Write("mnist/t10k-labels-idx1-ubyte", IdxLabels(1, 10));
        OccamException error = Assert.Throws<OccamException>(() => DataSource.Open("mnist:test", new() { Root = folder.Path }));
        Assert.Contains("image 1 is 10", error.Message);
    }

    [Fact]
    public void A_given_root_must_be_a_folder()
    {
        OccamException error = Assert.Throws<OccamException>(() => DataSource.Open("mnist:test", new() { Root = "/no/such/folder" }));
        Assert.Contains("/no/such/folder is not a folder", error.Message);
    }
}
