using System.Globalization;

namespace Occam.Data;

/// <summary>The size of pictures.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct PictureSize(int Height, int Width)
{
    private const int Most = 8192;

    /// <summary>Reads a size as it is written on a command line: <c>32x48</c>, height × width.</summary>
    /// <exception cref="OccamException">It is none.</exception>
    public static PictureSize Parse(string text) =>
        text.Split('x', '×') is [var first, var second] && Number(first) is { } height && Number(second) is { } width
            ? new PictureSize(height, width)
            : throw new OccamException($"'{Message.Clean(text)}' is no size of pictures: expected HEIGHTxWIDTH, such as 32x32, of 1 "
                + $"to {Most}");

    /// <inheritdoc/>
    public override string ToString() => $"{Height}×{Width}";

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= Most ? number : null;
}
