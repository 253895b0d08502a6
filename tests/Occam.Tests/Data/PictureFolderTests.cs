using Occam.Data;
using Xunit;

namespace Occam.Tests.Data;

public sealed class PictureFolderTests
{
    // Two rows of two: red, green; blue, and a grey of its own.
    private static readonly byte[] s_coloured = [255, 0, 0, 0, 255, 0, 0, 0, 255, 51, 102, 153];

    // The same channel by channel, in [0, 1].
    private static readonly double[] s_planes = [1, 0, 0, 0.2, 0, 1, 0, 0.4, 0, 0, 1, 0.6];

    [Fact]
    public void Folders_are_classes_in_the_order_of_their_names()
    {
        using TemporaryFolder folder = new();
        folder.Write("dog/b.png", PictureBytes.Png(2, 2, grey: false, s_coloured));
        folder.Write("dog/a.bmp", PictureBytes.Bmp(2, 2, new byte[12]));
        folder.Write("Zebra/c.bmp", PictureBytes.Bmp(2, 2, s_coloured));
        folder.Write("cat/.DS_Store", [1]);
        folder.Write("cat/notes.txt", [1]);
        folder.Write("cat/x.PNG", PictureBytes.Png(2, 2, grey: true, 0, 51, 102, 255));
        DataSet set = DataSource.Open(folder.Path, new());
        Assert.Equal([3, 2, 2], set.ExampleShape);
        Assert.Equal([0, 1, 2, 2], set.Labels!);
        Assert.Equal(["Zebra", "cat", "dog"], set.Subset(2, 1).ClassNames);
        Assert.Equal(3, set.Classes);
        double[] grey = [0, 0.2, 0.4, 1];
        Assert.Equal([.. s_planes, .. grey, .. grey, .. grey, .. new double[12], .. s_planes], Reading.Inputs(set));
        Assert.Contains("pixels in [0, 1], pictures in", set.Description);
        Assert.Contains("(classes Zebra, cat, dog), 1 other file left out", set.Description);
        Assert.True(DataSource.IsThere(folder.Path, new()));
    }

    [Fact]
    public void Grey_pictures_alone_have_one_channel_and_no_labels()
    {
        using TemporaryFolder folder = new();
        folder.Write("b.png", PictureBytes.Png(1, 3, grey: true, 0, 51, 255));
        folder.Write("a.png", PictureBytes.Png(1, 3, grey: true, 255, 0, 0));
        DataSet set = DataSource.Open(folder.Path, new() { Normalization = NormalizationChoice.Parse("0.5,0.25") });
        Assert.Equal([1, 1, 3], set.ExampleShape);
        Assert.Null(set.Labels);
        Assert.Equal([2, -2, -2, -2, -1.2, 2], Reading.Inputs(set).Select(x => Math.Round(x, 12)));
    }

    [Fact]
    public void Pictures_of_several_sizes_are_resized_only_when_asked()
    {
        using TemporaryFolder folder = new();
        folder.Write("a.png", PictureBytes.Png(1, 1, grey: true, 51));
        folder.Write("b.png", PictureBytes.Png(2, 4, grey: true, 0, 0, 255, 255, 0, 0, 255, 255));
        Refused($"b.png is 2×4, and {Path.Combine(folder.Path, "a.png")} 1×1", folder);
        DataSet set = DataSource.Open(folder.Path, new() { PictureSize = PictureSize.Parse("2x2") });
        Assert.Equal([1, 2, 2], set.ExampleShape);
        var inputs = Reading.Inputs(set);
        Assert.Equal([0.2, 0.2, 0.2, 0.2], inputs[..4]);

        // By symmetry each half has the mean of a triangle that reaches into the other; the two sum to one.
        Assert.Equal(inputs[4], inputs[6]);
        Assert.InRange(inputs[4], 0, 0.2);
        Assert.Equal(1, inputs[4] + inputs[5], 2);
        Assert.Contains("resized to 2×2", set.Description);
    }

    [Fact]
    public void What_is_no_set_of_pictures_is_refused_by_name()
    {
        using TemporaryFolder folder = new();
        Refused("is a folder without pictures", folder);
        var good = PictureBytes.Png(1, 1, grey: true, 5);
        folder.Write("a/x.png", good);
        Directory.CreateDirectory(Path.Combine(folder.Path, "b"));
        Refused($"{Path.Combine(folder.Path, "b")} holds no pictures", folder);
        folder.Write("b/y.png", good[..^20]);
        Refused($"{Path.Combine(folder.Path, "b", "y.png")} can't be read as a picture", folder);
        folder.Write("b/y.png", "not a picture at all"u8.ToArray());
        Refused($"{Path.Combine(folder.Path, "b", "y.png")} is no picture that can be read", folder);
        folder.Write("b/y.png", PictureBytes.Png(60_000, 60_000, 0, [0, 1]));
        Refused("says that it is 60000×60000", folder);
        folder.Write("b/y.png", good);
        folder.Write("z.png", good);
        Refused("holds pictures such as z.png beside folders such as a", folder);
        File.Delete(Path.Combine(folder.Path, "z.png"));
        Refused("more than the limit", folder, new() { MaximumBytes = 1 });
        Refused("leave out --label", folder, new() { Label = "y" });
        OccamException one = Assert.Throws<OccamException>(() => DataSource.Open(Path.Combine(folder.Path, "a", "x.png"), new()));
        Assert.Contains("is one picture: give its folder", one.Message);
    }

    [Theory]
    [InlineData("32x48", 32, 48)]
    [InlineData("1×8192", 1, 8192)]
    public void A_size_is_height_by_width(string text, int height, int width) =>
        Assert.Equal(new PictureSize(height, width), PictureSize.Parse(text));

    [Theory]
    [InlineData("32")]
    [InlineData("0x3")]
    [InlineData("3x-1")]
    [InlineData("9000x1")]
    public void A_size_that_is_none_is_refused(string text) =>
        Assert.Contains("is no size of pictures", Assert.Throws<OccamException>(() => PictureSize.Parse(text)).Message);

    [Fact]
    public void Every_format_is_decoded_as_Pillow_decodes_it()
    {
        using TemporaryFolder folder = new();
        Assert.SkipWhen(PyTorchPeer.Run("pictures.py", folder.Path) is not null, "python3 has no torch, numpy or Pillow");
        foreach (var name in (string[])["grey.jpg", "colour.jpg", "palette.gif", "lossless.webp", "palette.png", "plain.png", "clear.png"])
        {
            using TemporaryFolder one = new();
            one.Write(name, File.ReadAllBytes(Path.Combine(folder.Path, name)));
            DataSet set = DataSource.Open(one.Path, new());
            DataSet expected = DataSource.Open(Path.Combine(folder.Path, name + ".npy"), new());
            Assert.Equal(expected.ExampleShape, set.ExampleShape);
            var (ours, theirs) = (Reading.Inputs(set), Reading.Inputs(expected));

            // JPEG leaves the rounding of its transform and colours to the decoder.
            var tolerance = name.EndsWith("jpg", StringComparison.Ordinal) ? 3.1 / 255 : 1e-12;
            Assert.All(ours.Zip(theirs), pair => Assert.Equal(pair.Second / 255, pair.First, tolerance));
        }
    }

    [Fact]
    public void No_part_of_a_file_is_taken_for_a_picture()
    {
        using TemporaryFolder folder = new();
        Assert.SkipWhen(PyTorchPeer.Run("pictures.py", folder.Path) is not null, "python3 has no torch, numpy or Pillow");
        byte[][] files = [PictureBytes.Bmp(3, 5, new byte[45]), PictureBytes.Png(2, 2, grey: false, s_coloured), .. Directory
            .EnumerateFiles(folder.Path).Where(PictureFolder.IsPicture).Select(File.ReadAllBytes)];
        foreach (var file in files)
        {
            var whole = Picture.Decode(file, "whole", null).Pixels;
            for (var length = 1; length < file.Length; length += 3)
            {
                Picture? part = null;
                try
                {
                    part = Picture.Decode(file[..length], "part", null);
                }
                catch (OccamException e)
                {
                    Assert.DoesNotContain('\n', e.Message);
                }

                // What is missing may come after the pixels: a checksum, padding, the mark of the end.
                Assert.True(part is null || part.Pixels.AsSpan().SequenceEqual(whole), $"{length} of {file.Length} bytes");
            }
        }
    }

    private static void Refused(string words, TemporaryFolder folder, DataOptions? options = null)
    {
        OccamException error = Assert.Throws<OccamException>(() => DataSource.Open(folder.Path, options ?? new()));
        Assert.Contains(words, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }
}
