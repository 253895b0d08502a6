using MathNet.Numerics.Integration;
using Occam.Derivatives;
using Occam.Measures.Regions;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Torch;

namespace Occam.Measures.Graphs;

/// <summary>A function of one variable on the smallest interval that holds the data, in float64.</summary>
internal sealed class FunctionOnInterval
{
    private const double QuadratureTolerance = 1e-10;
    private const int QuadratureDepth = 20;

    // An error below this part of the integral is that of adding up.
    private const double Rounding = 1e-13;

    private readonly IFunction _function;
    private readonly InputJacobian _derivative;
    private readonly CancellationToken _cancellation;
    private readonly Network? _piecewiseLinear;
    private readonly long[] _exampleShape;

    private FunctionOnInterval(MeasureContext context, double from, double to)
    {
        _exampleShape = context.ExampleShape;
        _cancellation = context.Options.Cancellation;

        // Noise of float32 would never let the quadrature reach its tolerance: a black box is run in float64, too.
        var network = context.Subject.Folded?.To(ScalarType.Float64, Device.Cpu);
        _function = (network, context.Subject.FixedBatch) switch
        {
            (null, _) => context.Function is ScriptFunction script ? script.To(ScalarType.Float64, Device.Cpu) : context.Function,
            (_, { } batch) => new BatchedFunction(network, batch),
            _ => network,
        };
        _piecewiseLinear = _function == network && context.WhyNotPiecewiseLinear() is null ? network : null;
        _derivative = new InputJacobian(_function, 1, context.Outputs);
        From = from;
        To = to;
    }

    /// <summary>The left end.</summary>
    public double From { get; }

    /// <summary>The right end.</summary>
    public double To { get; }

    /// <summary>The interval of the data; null when it is one point.</summary>
    public static FunctionOnInterval? OfData(MeasureContext context)
    {
        var x = Inputs(context);
        return x.Min() < x.Max() ? new FunctionOnInterval(context, x.Min(), x.Max()) : null;
    }

    /// <summary>The integral over the interval of an integrand that depends on x by the squared slope ‖f′(x)‖² only.</summary>
    public Integral Integrate(Func<double, double> integrand)
    {
        if (_piecewiseLinear is not null)
        {
            var (positions, values, outputs) = Pieces();
            var sum = 0.0;
            for (var i = 0; i + 1 < positions.Length; i++)
            {
                var step = (positions[i + 1] - positions[i]) * (To - From);
                var squared = 0.0;
                for (var j = 0; j < outputs; j++)
                {
                    var slope = (values[((i + 1) * outputs) + j] - values[(i * outputs) + j]) / step;
                    squared += slope * slope;
                }

                sum += integrand(squared) * step;
            }

            return new Integral(sum, To - From, positions.Length - 1, []);
        }

        var integral = GaussKronrodRule.Integrate(
            x => integrand(SquaredSlope(x)), From, To, out var error, out _, QuadratureTolerance, QuadratureDepth);
        var quantity = error <= Rounding * Math.Abs(integral) ? integral : Uncertain.Iterated(integral, error);
        return new Integral(quantity, To - From, 0, [$"by adaptive quadrature, error at most {error:0.#e+0}"]);
    }

    /// <summary>
    /// The length of the shortest curve through the data: the polyline through the targets, or else through the function's values there.
    /// </summary>
    public (string Name, double Length) ShortestPolyline(MeasureContext context)
    {
        var x = Inputs(context);
        var order = Enumerable.Range(0, x.Length).OrderBy(i => x[i]).ToArray();
        var (name, y, width) = context.Data!.Targets is { } targets
            ? ("shortestThroughTargets", targets, context.Data.TargetSize)
            : ("shortestThroughPredictions", Values(x), (int)context.Outputs);
        var length = 0.0;
        foreach (var (left, right) in order.Zip(order.Skip(1)))
        {
            var squared = Math.Pow(x[right] - x[left], 2);
            for (var j = 0; j < width; j++)
            {
                squared += Math.Pow(y[(right * width) + j] - y[(left * width) + j], 2);
            }

            length += Math.Sqrt(squared);
        }

        return (name, length);
    }

    private static double[] Inputs(MeasureContext context)
    {
        var x = new double[context.Data!.Count];
        context.Data.CopyInputs(Enumerable.Range(0, x.Length).ToArray(), x);
        return x;
    }

    private (double[] Positions, double[] Values, int Outputs) Pieces()
    {
        using var scope = Libtorch.NewDisposeScope();
        var tracer = new LineTracer(_piecewiseLinear!, _cancellation);
        var from = Tensor.Full(_exampleShape, From, ScalarType.Float64);
        var to = Tensor.Full(_exampleShape, To, ScalarType.Float64);
        double[] positions = [0, .. tracer.Kinks(from, to), 1];
        var values = tracer.Values(from, to, positions);
        return (positions, values, values.Length / positions.Length);
    }

    private double SquaredSlope(double x)
    {
        _cancellation.ThrowIfCancellationRequested();
        using var scope = Libtorch.NewDisposeScope();
        return _derivative.SquaredNorms(Tensor.Full([1, .. _exampleShape], x, _function.Type))[0];
    }

    private double[] Values(double[] x)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        return _function.Forward(Tensor.FromArray(x, [x.Length, .. _exampleShape]).To(_function.Type)).ToArray<double>();
    }
}
