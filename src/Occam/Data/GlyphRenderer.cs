namespace Occam.Data;

/// <summary>
/// Draws one digit at random: a way of writing it, a random bend and affine map, pen width, ink and pixel noise. Only
/// additions, products, quotients and square roots of IEEE doubles go into a pixel, so that every machine draws the
/// same bytes (sines would differ in the last bit).
/// </summary>
internal sealed class GlyphRenderer
{
    /// <summary>Rows and columns of an image.</summary>
    public const int Side = 28;

    private const double GlyphHeight = 19;

    private readonly double[] _squaredDistance = new double[Side * Side];

    /// <summary>Draws a digit in place of what the image held.</summary>
    /// <param name="digit">0 to 9.</param>
    /// <param name="random">Where all of the chance comes from.</param>
    /// <param name="image"><see cref="Side"/> × <see cref="Side"/> bytes, row by row, ink bright on dark.</param>
    public void Draw(int digit, SeededRandom random, Span<byte> image)
    {
        var ways = GlyphShapes.Digits[digit];
        var strokes = ways[random.NextInt(ways.Length)];
        var warp = new Warp(random);
        var radius = random.NextDouble(0.7, 1.7);
        var ink = random.NextDouble(190, 255);
        var noise = random.NextDouble(8, 40);

        var reach = radius + 0.5;
        Array.Fill(_squaredDistance, reach * reach);
        foreach (var stroke in strokes)
        {
            (double X, double Y) from = warp.Map(stroke.Points[0]);
            for (var i = 1; i < stroke.Points.Count; i++)
            {
                (double X, double Y) to = warp.Map(stroke.Points[i]);
                MeasureSegment(from, to, reach);
                from = to;
            }
        }

        for (var i = 0; i < image.Length; i++)
        {
            var coverage = Math.Clamp(reach - Math.Sqrt(_squaredDistance[i]), 0, 1);
            image[i] = (byte)Math.Clamp((ink * coverage) + (noise * NearlyGaussian(random)) + 0.5, 0, 255);
        }
    }

    /// <summary>Lowers each near pixel's squared distance from the pen's path to that from this segment.</summary>
    private void MeasureSegment((double X, double Y) from, (double X, double Y) to, double reach)
    {
        double dx = to.X - from.X, dy = to.Y - from.Y;
        var squaredLength = (dx * dx) + (dy * dy);
        var left = Math.Max(0, (int)Math.Ceiling(Math.Min(from.X, to.X) - reach));
        var right = Math.Min(Side - 1, (int)Math.Floor(Math.Max(from.X, to.X) + reach));
        var top = Math.Max(0, (int)Math.Ceiling(Math.Min(from.Y, to.Y) - reach));
        var bottom = Math.Min(Side - 1, (int)Math.Floor(Math.Max(from.Y, to.Y) + reach));
        for (var row = top; row <= bottom; row++)
        {
            for (var column = left; column <= right; column++)
            {
                double px = column - from.X, py = row - from.Y;
                var along = squaredLength > 0 ? Math.Clamp(((px * dx) + (py * dy)) / squaredLength, 0, 1) : 0;
                double ex = px - (along * dx), ey = py - (along * dy);
                ref var nearest = ref _squaredDistance[(row * Side) + column];
                nearest = Math.Min(nearest, (ex * ex) + (ey * ey));
            }
        }
    }

    /// <summary>The sum of four uniform numbers, scaled to variance 1: near enough to normal for noise, and exact arithmetic.</summary>
    private static double NearlyGaussian(SeededRandom random)
    {
        var bits = random.NextUInt64();
        var sum = (bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) + ((bits >> 32) & 0xFFFF) + (bits >> 48);
        return ((sum / 65535.0) - 2) * 1.7320508075688772;
    }

    /// <summary>A random bend followed by a random affine map from glyph units to pixels.</summary>
    private readonly struct Warp
    {
        private readonly double _bendX, _bendY, _a, _b, _c, _d, _centreX, _centreY;

        public Warp(SeededRandom random)
        {
            _bendX = random.NextDouble(-0.25, 0.25);
            _bendY = random.NextDouble(-0.25, 0.25);
            // With t = tan(θ/2), cos θ = (1 − t²)/(1 + t²) and sin θ = 2t/(1 + t²): rotations within ±17°.
            var t = random.NextDouble(-0.15, 0.15);
            double cosine = (1 - (t * t)) / (1 + (t * t)), sine = 2 * t / (1 + (t * t));
            var shear = random.NextDouble(-0.35, 0.25);
            double width = GlyphHeight * random.NextDouble(0.75, 1.15), height = GlyphHeight * random.NextDouble(0.75, 1.05);
            _a = cosine * width;
            _b = ((cosine * shear) - sine) * height;
            _c = sine * width;
            _d = ((sine * shear) + cosine) * height;
            _centreX = ((Side - 1) / 2.0) + random.NextDouble(-2, 2);
            _centreY = ((Side - 1) / 2.0) + random.NextDouble(-2, 2);
        }

        public (double X, double Y) Map((double X, double Y) point)
        {
            double x = point.X + (_bendX * ((point.Y * point.Y) - 0.08)), y = point.Y + (_bendY * ((point.X * point.X) - 0.03));
            return (_centreX + (_a * x) + (_b * y), _centreY + (_c * x) + (_d * y));
        }
    }
}
