using MathNet.Numerics;
using Occam.Torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Occam.Networks.Operators;

/// <summary>A curved function of each element.</summary>
internal abstract class CurvedActivation : ElementwiseOperator
{
    public sealed override Linearity Linearity => Linearity.Curved;
}

/// <summary>x, or α (e^x − 1) below zero.</summary>
internal sealed class Elu : CurvedActivation
{
    public override string Type => "Elu";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Elu(Alpha(call));

    protected override double? Steepest(in NodeCall call) => Math.Max(1, Math.Abs(Alpha(call)));

    public override Interval? GlobalSlopes(in NodeCall call) => new Interval(Math.Min(0, Alpha(call)), Math.Max(1, Alpha(call)));

    protected override SlopeRange? Slopes(in NodeCall call, Tensor low, Tensor high) =>
        SlopeRange.OfExponential(low, high, 1, Alpha(call), 1);

    private static double Alpha(in NodeCall call) => call.Attributes.Float("alpha", 1);
}

/// <summary>γ x, or γ α (e^x − 1) below zero.</summary>
internal sealed class Selu : CurvedActivation
{
    public override string Type => "Selu";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Elu(Alpha(call), Gamma(call));

    protected override double? Steepest(in NodeCall call) => Math.Abs(Gamma(call)) * Math.Max(1, Math.Abs(Alpha(call)));

    public override Interval? GlobalSlopes(in NodeCall call) => Gamma(call) >= 0
        ? new Interval(Gamma(call) * Math.Min(0, Alpha(call)), Gamma(call) * Math.Max(1, Alpha(call)))
        : new Interval(Gamma(call) * Math.Max(1, Alpha(call)), Gamma(call) * Math.Min(0, Alpha(call)));

    protected override SlopeRange? Slopes(in NodeCall call, Tensor low, Tensor high) =>
        SlopeRange.OfExponential(low, high, Gamma(call), Gamma(call) * Alpha(call), 1);

    private static double Alpha(in NodeCall call) => call.Attributes.Float("alpha", 1.67326319217681884765625);

    private static double Gamma(in NodeCall call) => call.Attributes.Float("gamma", 1.05070102214813232421875);
}

/// <summary>max(0, x) + min(0, α (e^(x/α) − 1)).</summary>
internal sealed class Celu : CurvedActivation
{
    public override string Type => "Celu";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Celu(Alpha(call));

    // A negative α turns the exponential around.
    protected override double? Steepest(in NodeCall call) => Alpha(call) > 0 ? 1 : null;

    public override Interval? GlobalSlopes(in NodeCall call) => Alpha(call) > 0 ? new Interval(0, 1) : null;

    protected override SlopeRange? Slopes(in NodeCall call, Tensor low, Tensor high) =>
        Alpha(call) > 0 ? SlopeRange.OfExponential(low, high, 1, 1, 1 / Alpha(call)) : null;

    private static double Alpha(in NodeCall call) => call.Attributes.Float("alpha", 1);
}

/// <summary>log(1 + e^x).</summary>
internal sealed class Softplus : CurvedActivation
{
    public override string Type => "Softplus";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Softplus();

    protected override double? Steepest(in NodeCall call) => 1;

    public override Interval? GlobalSlopes(in NodeCall call) => new Interval(0, 1);

    protected override SlopeRange? Slopes(in NodeCall call, Tensor low, Tensor high) =>
        SlopeRange.OfCurve(low, high, x => x.Sigmoid());
}

/// <summary>x / (1 + |x|).</summary>
internal sealed class Softsign : CurvedActivation
{
    public override string Type => "Softsign";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x / (x.Abs() + 1);

    protected override double? Steepest(in NodeCall call) => 1;

    public override Interval? GlobalSlopes(in NodeCall call) => new Interval(0, 1);

    protected override SlopeRange? Slopes(in NodeCall call, Tensor low, Tensor high) =>
        SlopeRange.OfCurve(low, high, x => (x.Abs() + 1).Square().Reciprocal(), (0, 1));

    protected override double? Most(in NodeCall call) => 1;
}

/// <summary>x · max(0, min(1, x/6 + ½)).</summary>
internal sealed class HardSwish : CurvedActivation
{
    public override string Type => "HardSwish";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x * ((x * (1.0 / 6)) + 0.5).Clamp(0, 1);

    // The derivative (2x + 3)/6 between −3 and 3 is largest at 3.
    protected override double? Steepest(in NodeCall call) => 1.5;

    public override Interval? GlobalSlopes(in NodeCall call) => new Interval(-0.5, 1.5);

    // 0, then (2x + 3)/6 from −½ to 1½, then 1.
    protected override SlopeRange? Slopes(in NodeCall call, Tensor low, Tensor high) =>
        SlopeRange.OfCurve(
            low, high,
            x => ((x * (1.0 / 3)) + 0.5).Where(
                x.Abs().LessThan(Tensor.Full([], 3, ScalarType.Float64)), x.GreaterThan(0).To(ScalarType.Float64)),
            (-3, -0.5), (-3, 0), (3, 1.5), (3, 1));

    // x times a number between 0 and 1.
    protected override double? Growth(in NodeCall call) => 1;
}

/// <summary>x Φ(x), or its approximation by tanh.</summary>
internal sealed class Gelu : CurvedActivation
{
    // Φ(√2) + √2 φ(√2), at x = √2; and the largest derivative of the approximation, at x = 1.41850…; rounded up.
    internal const double SteepestExact = 1.12890414518516;
    internal const double SteepestByTanh = 1.12899306866872;

    // x g(x) with g(x) + g(−x) = 1 has derivatives at x and −x that add up to 1.
    internal static Interval Range(double steepest) => new(1 - steepest, steepest);

    public override string Type => "Gelu";

    internal override ElementFunction? ElementFunction(Node node) => Approximation(node) == "none" ? new Managed() : null;

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Gelu(Approximation(call.Node));

    protected override double? Steepest(in NodeCall call) => Approximation(call.Node) == "tanh" ? SteepestByTanh : SteepestExact;

    public override Interval? GlobalSlopes(in NodeCall call) => Range(Steepest(call)!.Value);

    protected override SlopeRange? Slopes(in NodeCall call, Tensor low, Tensor high) =>
        Approximation(call.Node) == "tanh" ? SlopesByTanh(low, high) : SlopesExact(low, high);

    /// <summary>Φ(x) + x φ(x), which turns around at ±√2.</summary>
    internal static SlopeRange SlopesExact(Tensor low, Tensor high) => SlopeRange.OfCurve(
        low, high, x => (((x / Math.Sqrt(2)).Erf() + 1) * 0.5) + (x * (x.Square() * -0.5).Exp() / Math.Sqrt(2 * Math.PI)),
        (-Math.Sqrt(2), 1 - SteepestExact), (Math.Sqrt(2), SteepestExact));

    /// <summary>The derivative of x/2 (1 + tanh u), u = √(2/π) (x + 0.044715 x³).</summary>
    internal static SlopeRange SlopesByTanh(Tensor low, Tensor high)
    {
        const double Cubic = 0.044715;
        var factor = Math.Sqrt(2 / Math.PI);
        return SlopeRange.OfCurve(
            low, high,
            x =>
            {
                var t = ((x + (x.Pow(3) * Cubic)) * factor).Tanh();
                var inner = ((x.Square() * (3 * Cubic)) + 1) * factor;
                return ((t + 1) * 0.5) + (x * ((t.Square() * -1) + 1) * inner * 0.5);
            },
            (-1.4185040087908283, 1 - SteepestByTanh), (1.4185040087908283, SteepestByTanh));
    }

    // x times a number between 0 and 1.
    protected override double? Growth(in NodeCall call) => 1;

    private static string Approximation(Node node) => node.Attributes.Text("approximate", "none");

    private sealed class Managed : ElementFunction
    {
        public override void Apply(ReadOnlySpan<float> x, Span<float> values)
        {
            for (var i = 0; i < x.Length; i++)
            {
                values[i] = (float)(x[i] * Normal(x[i]));
            }
        }

        public override void MultiplyBySlope(ReadOnlySpan<float> x, ReadOnlySpan<float> values, Span<float> cotangents)
        {
            for (var i = 0; i < x.Length; i++)
            {
                var density = Math.Exp(-0.5 * x[i] * x[i]) / Math.Sqrt(2 * Math.PI);
                cotangents[i] *= (float)(Normal(x[i]) + (x[i] * density));
            }
        }

        private static double Normal(double x) => 0.5 * SpecialFunctions.Erfc(-x / Math.Sqrt(2));
    }
}

/// <summary>x tanh(log(1 + e^x)).</summary>
internal sealed class Mish : CurvedActivation
{
    public override string Type => "Mish";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Mish();

    // At x = 1.49057…, rounded up.
    protected override double? Steepest(in NodeCall call) => 1.08849816125173;

    public override Interval? GlobalSlopes(in NodeCall call) => new Interval(-0.11252612238947, 1.08849816125173);

    // tanh s + x σ(x) (1 − tanh² s) with s = log(1 + e^x).
    protected override SlopeRange? Slopes(in NodeCall call, Tensor low, Tensor high) =>
        SlopeRange.OfCurve(
            low, high,
            x =>
            {
                var t = x.Softplus().Tanh();
                return t + (x * x.Sigmoid() * ((t.Square() * -1) + 1));
            },
            (-2.2563763963607935, -0.11252612238946261), (1.4905711794854284, 1.08849816125173));

    // x times a number between 0 and 1.
    protected override double? Growth(in NodeCall call) => 1;
}

/// <summary>x / (1 + e^(−α x)): SiLU for α = 1, the quick form of GELU for α = 1.702.</summary>
internal sealed class Swish : SigmoidLinearUnit
{
    public override string Type => "Swish";

    protected override double DefaultAlpha => 1;
}

/// <summary>x σ(α x) with one α or another where the node names none.</summary>
internal abstract class SigmoidLinearUnit : CurvedActivation
{
    protected abstract double DefaultAlpha { get; }

    protected sealed override Tensor Apply(in NodeCall call, Tensor x)
    {
        var alpha = Alpha(call);
        return x * (alpha == 1 ? x : x * alpha).Sigmoid();
    }

    // σ(u) + u σ'(u) with u = α x, whatever α is: at u = 2.39935…, rounded up.
    protected sealed override double? Steepest(in NodeCall call) => Alpha(call) == 0 ? 0.5 : 1.09983932012887;

    public sealed override Interval? GlobalSlopes(in NodeCall call) => Gelu.Range(Steepest(call)!.Value);

    // It turns around at two places, where u is −2.399… and 2.399….
    protected sealed override SlopeRange? Slopes(in NodeCall call, Tensor low, Tensor high)
    {
        const double Turn = 2.399357280515468;
        const double Steepest = 1.09983932012887;
        var alpha = Alpha(call);
        return alpha == 0 ? SlopeRange.Within(low, 0.5, 0.5) : SlopeRange.OfCurve(
            low, high,
            x =>
            {
                var s = (x * alpha).Sigmoid();
                return s + (x * alpha * s * ((s * -1) + 1));
            },
            (-Turn / alpha, 1 - Steepest), (Turn / alpha, Steepest));
    }

    // x times a number between 0 and 1.
    protected override double? Growth(in NodeCall call) => 1;

    private double Alpha(in NodeCall call) => call.Attributes.Float("alpha", DefaultAlpha);
}

/// <summary>The hyperbolic tangent.</summary>
internal sealed class Tanh : CurvedActivation
{
    public override string Type => "Tanh";

    internal override ElementFunction ElementFunction(Node node) => new Managed();

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Tanh();

    protected override double? Steepest(in NodeCall call) => 1;

    public override Interval? GlobalSlopes(in NodeCall call) => new Interval(0, 1);

    protected override SlopeRange? Slopes(in NodeCall call, Tensor low, Tensor high) =>
        SlopeRange.OfCurve(low, high, x => (x.Tanh().Square() * -1) + 1, (0, 1));

    protected override double? Most(in NodeCall call) => 1;

    private sealed class Managed : ElementFunction
    {
        public override void Apply(ReadOnlySpan<float> x, Span<float> values) => TensorPrimitives.Tanh(x, values);

        public override void MultiplyBySlope(ReadOnlySpan<float> x, ReadOnlySpan<float> values, Span<float> cotangents)
        {
            for (var i = 0; i < cotangents.Length; i++)
            {
                cotangents[i] *= 1 - (values[i] * values[i]);
            }
        }
    }
}

/// <summary>1 / (1 + e^−x).</summary>
internal sealed class Sigmoid : CurvedActivation
{
    public override string Type => "Sigmoid";

    internal override ElementFunction ElementFunction(Node node) => new Managed();

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Sigmoid();

    protected override double? Steepest(in NodeCall call) => 0.25;

    public override Interval? GlobalSlopes(in NodeCall call) => new Interval(0, 0.25);

    protected override SlopeRange? Slopes(in NodeCall call, Tensor low, Tensor high) =>
        SlopeRange.OfCurve(
            low, high,
            x =>
            {
                var s = x.Sigmoid();
                return s * ((s * -1) + 1);
            },
            (0, 0.25));

    protected override double? Most(in NodeCall call) => 1;

    private sealed class Managed : ElementFunction
    {
        public override void Apply(ReadOnlySpan<float> x, Span<float> values) => TensorPrimitives.Sigmoid(x, values);

        public override void MultiplyBySlope(ReadOnlySpan<float> x, ReadOnlySpan<float> values, Span<float> cotangents)
        {
            for (var i = 0; i < cotangents.Length; i++)
            {
                cotangents[i] *= values[i] * (1 - values[i]);
            }
        }
    }
}

/// <summary>The error function.</summary>
internal sealed class Erf : CurvedActivation
{
    public override string Type => "Erf";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Erf();

    // 2/√π, rounded up.
    protected override double? Steepest(in NodeCall call) => 1.12837916709552;

    public override Interval? GlobalSlopes(in NodeCall call) => new Interval(0, 1.12837916709552);

    protected override SlopeRange? Slopes(in NodeCall call, Tensor low, Tensor high) =>
        SlopeRange.OfCurve(low, high, x => (x.Square() * -1).Exp() * (2 / Math.Sqrt(Math.PI)), (0, 2 / Math.Sqrt(Math.PI)));

    protected override double? Most(in NodeCall call) => 1;
}

/// <summary>The sine, in radians.</summary>
internal sealed class Sin : CurvedActivation
{
    public override string Type => "Sin";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Sin();

    protected override double? Steepest(in NodeCall call) => 1;

    protected override double? Most(in NodeCall call) => 1;
}

/// <summary>The cosine, in radians.</summary>
internal sealed class Cos : CurvedActivation
{
    public override string Type => "Cos";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Cos();

    protected override double? Steepest(in NodeCall call) => 1;

    protected override double? Most(in NodeCall call) => 1;
}

/// <summary>The arc tangent, in radians.</summary>
internal sealed class Atan : CurvedActivation
{
    public override string Type => "Atan";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Atan();

    protected override double? Steepest(in NodeCall call) => 1;

    public override Interval? GlobalSlopes(in NodeCall call) => new Interval(0, 1);

    protected override SlopeRange? Slopes(in NodeCall call, Tensor low, Tensor high) =>
        SlopeRange.OfCurve(low, high, x => (x.Square() + 1).Reciprocal(), (0, 1));

    protected override double? Most(in NodeCall call) => Math.PI / 2;
}
