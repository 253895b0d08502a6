using Occam.Data;
using Occam.Measures;
using Occam.Networks;
using Occam.Tests.Networks;
using Occam.Torch;

namespace Occam.Tests.Measures.Sharpness;

/// <summary>Networks whose loss is known in closed form.</summary>
internal static class Losses
{
    /// <summary>
    /// One output z = −log(e^q − 1), q = (w·x)² + 1/10, of the weights w. With label 1 its cross-entropy log(1 + e^−z) is q: the
    /// loss is quadratic in w, its Hessian 2 x xᵀ.
    /// </summary>
    public static Network Quadratic(params double[] w) => Measuring.Graph(
        [w.Length],
        [
            TestGraphs.Node("MatMul", ["x", "w"], ["p"]), TestGraphs.Node("Mul", ["p", "p"], ["s"]),
            TestGraphs.Node("Add", ["s", "tenth"], ["q"]),
            TestGraphs.Node("Exp", ["q"], ["e"]), TestGraphs.Node("Sub", ["e", "one"], ["d"]), TestGraphs.Node("Log", ["d"], ["l"]),
            TestGraphs.Node("Neg", ["l"], ["y"]),
        ],
        ("w", Tensor.FromArray(w, w.Length, 1)), ("one", Tensor.Ones([], ScalarType.Float64)),
        ("tenth", Tensor.Full([], 0.1, ScalarType.Float64)));

    /// <summary>Examples of class 1.</summary>
    public static DataSet Ones(int size, params double[] x) =>
        DataSet.FromArrays("ones", [size], x, [.. Enumerable.Repeat(1, x.Length / size)]);

    public static MeasureOptions Seeded { get; } = new() { Seed = 3 };

    /// <summary>log(1 + eᶻ).</summary>
    public static double SoftPlus(double z) => z > 30 ? z : Math.Log(1 + Math.Exp(z));

    /// <summary>∫ f(z) N(z; mean, deviation²) dz by the trapezoidal rule, which converges geometrically here.</summary>
    public static double GaussianMean(Func<double, double> f, double mean, double deviation)
    {
        const int Half = 400;
        const double Reach = 10;
        var sum = 0.0;
        for (var i = -Half; i <= Half; i++)
        {
            var t = Reach * i / Half;
            sum += f(mean + (deviation * t)) * Math.Exp(-t * t / 2);
        }

        return sum * Reach / Half / Math.Sqrt(2 * Math.PI);
    }
}
