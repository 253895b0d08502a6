namespace Occam.Data;

/// <summary>One stroke of a glyph, drawn without lifting the pen: lines and cubic Bézier curves, kept as a polyline.</summary>
internal sealed class GlyphStroke(double x, double y)
{
    private const int StepsPerCurve = 10;

    private readonly List<(double X, double Y)> _points = [(x, y)];

    /// <summary>The corners of the polyline, in units of the glyph's height, y downward, about the glyph's middle.</summary>
    public IReadOnlyList<(double X, double Y)> Points => _points;

    /// <summary>Goes on in a straight line. It is cut in steps, because a warp bends it.</summary>
    public GlyphStroke Line(double endX, double endY)
    {
        (var startX, var startY) = _points[^1];
        return Curve(
            startX + ((endX - startX) / 3), startY + ((endY - startY) / 3), endX - ((endX - startX) / 3), endY - ((endY - startY) / 3),
            endX, endY);
    }

    /// <summary>Goes on in a cubic Bézier curve through two control points' pull to an end.</summary>
    public GlyphStroke Curve(double x1, double y1, double x2, double y2, double endX, double endY)
    {
        (var x0, var y0) = _points[^1];
        for (var step = 1; step <= StepsPerCurve; step++)
        {
            double t = step / (double)StepsPerCurve, s = 1 - t;
            double b0 = s * s * s, b1 = 3 * s * s * t, b2 = 3 * s * t * t, b3 = t * t * t;
            _points.Add(((b0 * x0) + (b1 * x1) + (b2 * x2) + (b3 * endX), (b0 * y0) + (b1 * y1) + (b2 * y2) + (b3 * endY)));
        }

        return this;
    }
}
