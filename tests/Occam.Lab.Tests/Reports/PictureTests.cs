using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Xunit;

namespace Occam.Lab.Tests.Reports;

public sealed class PictureTests
{
    [Fact]
    public void A_picture_is_a_png_that_reads_back()
    {
        byte[] pixels = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18];

        var png = new Picture(3, 2, 3, pixels).ToPng();

        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], png[..8]);
        Assert.Equal("IHDR", Encoding.ASCII.GetString(png, 12, 4));
        Assert.Equal((3, 2), (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20))));
        Assert.Equal([8, 2, 0, 0, 0], png[24..29]);
        // Every PNG ends with these: a chunk of no bytes, and the checksum of its name by the specification.
        Assert.Equal([0, 0, 0, 0, .. "IEND"u8, 0xAE, 0x42, 0x60, 0x82], png[^12..]);
        var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(33));
        using var rows = new MemoryStream();
        using (var inflate = new ZLibStream(new MemoryStream(png, 41, length), CompressionMode.Decompress))
        {
            inflate.CopyTo(rows);
        }

        Assert.Equal([0, .. pixels[..9], 0, .. pixels[9..]], rows.ToArray());
    }

    [Fact]
    public void Channels_of_values_become_pixels_from_black_to_white()
    {
        Assert.Equal([0, 128, 255, 191, 255, 0], Picture.FromChannels([-1, 0, 1, 0.5f, 9, float.NaN], 1, 2, 3, -1, 1).Pixels);
        Assert.Equal([0, 128, 255, 255, 191, 0], Picture.FromChannels([-1, 1, 0, 0.5f, 9, float.NaN], 3, 1, 2, -1, 1).Pixels);
    }

    [Fact]
    public void Bytes_that_do_not_fit_are_refused() => Assert.Throws<ArgumentException>(() => new Picture(2, 2, 1, [1, 2, 3]));

    [Fact]
    public void A_curve_over_seeds_is_their_mean_in_a_band_of_standard_errors()
    {
        var marks = SeedCurve.Of("ω = 1", [1, 2], [[1, 5], [2, double.NaN], [3, 7]], shade: 1);

        var band = Assert.IsType<ErrorBand>(marks[0]);
        var line = Assert.IsType<Line>(marks[1]);
        Assert.Equal([2.0, 6.0], line.Y);
        Assert.Equal(2 - (2 / Math.Sqrt(3)), band.Low[0], 12);
        Assert.Equal(6 + 2, band.High[1], 12);
        Assert.Equal((1, 1), (band.Shade, line.Shade));
        Assert.Single(SeedCurve.Of("one", [1], [[1]]));
    }
}
