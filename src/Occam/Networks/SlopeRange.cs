using Occam.Torch;

namespace Occam.Networks;

/// <summary>Between which numbers the slope of a function of each element lies on an interval of each.</summary>
/// <param name="Low">What no slope is below.</param>
/// <param name="High">What none is above.</param>
/// <param name="IsConvex">Where the slope surely doesn't fall (truth values); null where that isn't known anywhere.</param>
/// <param name="IsConcave">Where it surely doesn't rise.</param>
internal sealed record SlopeRange(Tensor Low, Tensor High, Tensor? IsConvex = null, Tensor? IsConcave = null)
{
    // Of the slopes of activations, and around the points where these are extreme.
    private const double Slack = 1.0 / (1L << 46);

    /// <summary>The same two limits everywhere.</summary>
    public static SlopeRange Within(Tensor like, double low, double high) =>
        new(Tensor.Full(like.Shape, low, ScalarType.Float64), Tensor.Full(like.Shape, high, ScalarType.Float64));

    /// <summary>
    /// A function whose slope rises or falls all the way between some points: the slope at the ends and at those points inside limits it.
    /// </summary>
    /// <param name="low">The intervals' lower ends.</param>
    /// <param name="high">Their upper ends.</param>
    /// <param name="slope">The slope, computed to some units in the last place of 1 or of itself, whichever is larger.</param>
    /// <param name="extremes">Where it turns around, and what it is there.</param>
    public static SlopeRange OfCurve(Tensor low, Tensor high, Func<Tensor, Tensor> slope, params (double At, double Value)[] extremes)
    {
        var (left, right) = (slope(low), slope(high));
        var (least, most) = (left.Minimum(right), left.Maximum(right));
        Tensor? turns = null;
        foreach (var (at, value) in extremes)
        {
            var around = Slack * (1 + Math.Abs(at));
            var inside = low.LessThan(Number(at + around)).And(high.GreaterThan(at - around));
            var here = Number(value).Expand(low.Shape);
            (least, most) = (least.Minimum(here).Where(inside, least), most.Maximum(here).Where(inside, most));
            turns = turns is null ? inside : turns.Or(inside);
        }

        // By less than rounding makes of a slope it isn't known to rise or fall.
        var margin = (left.Abs() + right.Abs() + 1) * (Slack / 2);
        var straight = turns?.Not();
        Tensor Everywhere(Tensor truth) => straight is null ? truth : truth.And(straight);
        return new SlopeRange(
            least - ((least.Abs() + 1) * Slack), most + ((most.Abs() + 1) * Slack),
            Everywhere((right - left).GreaterThan(margin)), Everywhere((left - right).GreaterThan(margin)));
    }

    /// <summary>Whether all numbers are above one.</summary>
    public static bool IsAbove(Tensor numbers, double least) => numbers.Elements == 0 || numbers.Flatten().AMin([0]).Item() > least;

    /// <summary>c x above zero and c' (e^(k x) − 1)/k below, whose slope c' e^(k x) ends at c'.</summary>
    /// <param name="low">The intervals' lower ends.</param>
    /// <param name="high">Their upper ends.</param>
    /// <param name="above">c.</param>
    /// <param name="below">c'.</param>
    /// <param name="rate">k, positive.</param>
    public static SlopeRange OfExponential(Tensor low, Tensor high, double above, double below, double rate) => OfCurve(
        low, high, x => ((x.Clamp(null, 0) * rate).Exp() * below).Where(x.LessThan(Number(0)),
            Number(above)),
        (0, below), (0, above));

    /// <summary>A piecewise-affine function: the slopes of the pieces that the interval touches.</summary>
    public static SlopeRange OfPieces(Tensor low, Tensor high, AffinePieces pieces)
    {
        var (least, most) = (Tensor.Full(low.Shape, double.PositiveInfinity, ScalarType.Float64),
            Tensor.Full(low.Shape, double.NegativeInfinity, ScalarType.Float64));
        Tensor? rises = null;
        Tensor? falls = null;
        for (var i = 0; i < pieces.Slopes.Length; i++)
        {
            var slope = pieces.Slopes[i].Expand(low.Shape);
            var touched = i > 0 ? high.GreaterOrEqual(Number(pieces.Breaks[i - 1])) : null;
            var before = i < pieces.Breaks.Length ? low.LessOrEqual(Number(pieces.Breaks[i])) : null;
            touched = touched is null ? before : before is null ? touched : touched.And(before);
            (least, most) = touched is null
                ? (least.Minimum(slope), most.Maximum(slope))
                : (least.Minimum(slope).Where(touched, least), most.Maximum(slope).Where(touched, most));
            if (i > 0)
            {
                var last = pieces.Slopes[i - 1].Expand(low.Shape);
                var (up, down) = (slope.GreaterOrEqual(last), slope.LessOrEqual(last));
                (rises, falls) = (rises is null ? up : rises.And(up), falls is null ? down : falls.And(down));
            }
        }

        return new SlopeRange(least, most, rises, falls);
    }

    private static Tensor Number(double value) => Tensor.Full([], value, ScalarType.Float64);
}
