using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace Occam.Data;

/// <summary>
/// A decoded picture: one channel where its file says grey, else red, green and blue; bytes channel by channel, row by row. What is
/// transparent keeps its colour; of several frames the first counts; 16 bits a channel become 8.
/// </summary>
internal sealed record Picture(byte[] Pixels, int Channels, int Height, int Width)
{
    // A decoder needs several bytes a pixel beside the result.
    private const int MostPixels = 1 << 26;

    private static readonly Configuration s_formats = Formats();

    /// <summary>Decodes a PNG, JPEG, BMP, GIF or WebP.</summary>
    /// <param name="bytes">The file's content.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="size">The size to which it is resized; its own when null.</param>
    /// <exception cref="OccamException">It is damaged, in another format, or larger than a picture may be.</exception>
    public static Picture Decode(byte[] bytes, string name, PictureSize? size)
    {
        try
        {
            // Of what the header claims, before memory is taken for it.
            var claimed = Image.Identify(s_formats, bytes, out var format)
                ?? throw new OccamException($"{name} is no picture that can be read: expected PNG, JPEG, BMP, GIF or WebP");
            if ((long)claimed.Width * claimed.Height > MostPixels)
            {
                throw new OccamException($"{name} says that it is {claimed.Height}×{claimed.Width}: expected at most "
                    + $"{MostPixels:N0} pixels");
            }

            if (!PictureEnd.IsThere(bytes, format, claimed))
            {
                throw new OccamException($"{name} ends before its picture does: it is truncated");
            }

            return IsGrey(claimed, format) ? Grey(bytes, size) : Coloured(bytes, size);
        }
        catch (Exception e) when (e is ImageFormatException or ImageProcessingException or InvalidMemoryOperationException
            or IndexOutOfRangeException or ArgumentException or NotSupportedException or IOException or OverflowException
            or NullReferenceException or InvalidOperationException)
        {
            throw new OccamException($"{name} can't be read as a picture: {Message.Clean(e.Message)}", e);
        }
    }

    /// <summary>The same in three equal channels, where it has one.</summary>
    public Picture InColour() => Channels == 3 ? this : this with { Pixels = [.. Pixels, .. Pixels, .. Pixels], Channels = 3 };

    private static bool IsGrey(IImageInfo info, IImageFormat format) => format switch
    {
        PngFormat => info.Metadata.GetPngMetadata().ColorType is PngColorType.Grayscale or PngColorType.GrayscaleWithAlpha,
        JpegFormat => info.Metadata.GetJpegMetadata().ColorType == JpegColorType.Luminance,
        _ => false,
    };

    private static Picture Grey(byte[] bytes, PictureSize? size)
    {
        using var image = Load<L8>(bytes, size);
        var pixels = new byte[image.Width * image.Height];
        image.CopyPixelDataTo(pixels);
        return new Picture(pixels, 1, image.Height, image.Width);
    }

    private static Picture Coloured(byte[] bytes, PictureSize? size)
    {
        using var image = Load<Rgb24>(bytes, size);
        var (height, width) = (image.Height, image.Width);
        var area = height * width;
        var pixels = new byte[3 * area];
        image.ProcessPixelRows(rows =>
        {
            for (var y = 0; y < height; y++)
            {
                var row = rows.GetRowSpan(y);
                for (var x = 0; x < width; x++)
                {
                    var i = (y * width) + x;
                    (pixels[i], pixels[area + i], pixels[(2 * area) + i]) = (row[x].R, row[x].G, row[x].B);
                }
            }
        });
        return new Picture(pixels, 3, height, width);
    }

    private static Image<TPixel> Load<TPixel>(byte[] bytes, PictureSize? size)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var image = Image.Load<TPixel>(s_formats, bytes);
        if (size is { } wanted && (image.Height, image.Width) != (wanted.Height, wanted.Width))
        {
            image.Mutate(picture => picture.Resize(new ResizeOptions
            {
                Size = new Size(wanted.Width, wanted.Height),
                Mode = ResizeMode.Stretch,
                Sampler = KnownResamplers.Triangle,
                PremultiplyAlpha = false,
            }));
        }

        return image;
    }

    private static Configuration Formats()
    {
        var formats = new Configuration(
            new PngConfigurationModule(),
            new JpegConfigurationModule(),
            new BmpConfigurationModule(),
            new GifConfigurationModule(),
            new WebpConfigurationModule())
        {
            MemoryAllocator = MemoryAllocator.Create(new MemoryAllocatorOptions { AllocationLimitMegabytes = 1024 }),
        };
        formats.ImageFormatsManager.SetDecoder(GifFormat.Instance, new GifDecoder { DecodingMode = FrameDecodingMode.First });
        return formats;
    }
}
