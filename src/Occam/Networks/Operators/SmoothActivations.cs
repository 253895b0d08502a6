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

    private static double Alpha(in NodeCall call) => call.Attributes.Float("alpha", 1);
}

/// <summary>γ x, or γ α (e^x − 1) below zero.</summary>
internal sealed class Selu : CurvedActivation
{
    public override string Type => "Selu";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Elu(Alpha(call), Gamma(call));

    protected override double? Steepest(in NodeCall call) => Math.Abs(Gamma(call)) * Math.Max(1, Math.Abs(Alpha(call)));

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

    private static double Alpha(in NodeCall call) => call.Attributes.Float("alpha", 1);
}

/// <summary>log(1 + e^x).</summary>
internal sealed class Softplus : CurvedActivation
{
    public override string Type => "Softplus";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Softplus();

    protected override double? Steepest(in NodeCall call) => 1;
}

/// <summary>x / (1 + |x|).</summary>
internal sealed class Softsign : CurvedActivation
{
    public override string Type => "Softsign";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x / (x.Abs() + 1);

    protected override double? Steepest(in NodeCall call) => 1;

    protected override double? Most(in NodeCall call) => 1;
}

/// <summary>x · max(0, min(1, x/6 + ½)).</summary>
internal sealed class HardSwish : CurvedActivation
{
    public override string Type => "HardSwish";

    protected override Tensor Apply(in NodeCall call, Tensor x) => x * ((x * (1.0 / 6)) + 0.5).Clamp(0, 1);

    // The derivative (2x + 3)/6 between −3 and 3 is largest at 3.
    protected override double? Steepest(in NodeCall call) => 1.5;

    // x times a number between 0 and 1.
    protected override double? Growth(in NodeCall call) => 1;
}

/// <summary>x Φ(x), or its approximation by tanh.</summary>
internal sealed class Gelu : CurvedActivation
{
    // Φ(√2) + √2 φ(√2), at x = √2; and the largest derivative of the approximation, at x = 1.41850…; rounded up.
    internal const double SteepestExact = 1.12890414518516;
    internal const double SteepestByTanh = 1.12899306866872;

    public override string Type => "Gelu";

    internal override ElementFunction? ElementFunction(Node node) => Approximation(node) == "none" ? new Managed() : null;

    protected override Tensor Apply(in NodeCall call, Tensor x) => x.Gelu(Approximation(call.Node));

    protected override double? Steepest(in NodeCall call) => Approximation(call.Node) == "tanh" ? SteepestByTanh : SteepestExact;

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

    protected override double? Most(in NodeCall call) => Math.PI / 2;
}
