using Occam.Data;
using Occam.Measures;
using Occam.Measures.Regions;
using Occam.Measures.Slope;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;

namespace Occam.Site.Pictures;

/// <summary>The function of one number that a network has learned: all of its corners, and what is measured of it.</summary>
/// <param name="Step">The step of the training.</param>
/// <param name="X">Its corners and ends, from left to right.</param>
/// <param name="Y">Its values there; it is straight between them.</param>
/// <param name="Slopes">Its slope at each example.</param>
/// <param name="Values">Its value at each example.</param>
/// <param name="Complexity">Its geometric complexity on the examples.</param>
/// <param name="Loss">The mean squared error on the examples.</param>
internal sealed record LearnedCurve(
    long Step, double[] X, double[] Y, double[] Slopes, double[] Values, double Complexity, double Loss)
{
    /// <summary>The length of its graph.</summary>
    public double Length => Enumerable.Range(1, X.Length - 1).Sum(i => double.Hypot(X[i] - X[i - 1], Y[i] - Y[i - 1]));

    /// <summary>
    /// Trains a ReLU network of two hidden layers of 200 units by plain gradient descent. Larger first weights and biases
    /// make a wilder function, of which gradient descent changes no more than the examples ask for.
    /// </summary>
    /// <param name="x">The examples' inputs, increasing.</param>
    /// <param name="y">Their targets.</param>
    /// <param name="spread">How many times its weights are as large at first as is usual (LeCun's initialization).</param>
    /// <param name="learningRate">The step size.</param>
    /// <param name="steps">When to look at it; the last is the end of training.</param>
    public static LearnedCurve[] Train(double[] x, double[] y, double spread, double learningRate, params long[] steps)
    {
        using var generator = new Generator(0);
        using var scope = Libtorch.NewDisposeScope();
        Initializer wide = (shape, fanIn, fanOut, random) => Initializers.LeCun(shape, fanIn, fanOut, random) * spread;
        Initializer bias = (shape, fanIn, _, random) => Tensor.Randn(shape, random, ScalarType.Float64) * (spread - 1);
        var network = Mlp.Build([1, 200, 200, 1], "relu", new InitializationScheme("spread", wide, bias), generator);
        var examples = DataSet.FromArrays("points", [1], x, targets: y);
        var settings = new TrainingSettings
        {
            Loss = new MeanSquaredError(),
            Optimizer = new Sgd(learningRate),
            Steps = steps[^1],
        };
        using var trainer = new Trainer(network, examples, settings);
        var curves = new List<LearnedCurve>();
        for (long step = 0; step <= steps[^1]; step++)
        {
            if (step > 0)
            {
                trainer.TakeStep();
            }

            if (steps.Contains(step))
            {
                curves.Add(Of(step, trainer.Snapshot(), examples, x, y));
            }
        }

        return [.. curves];
    }

    private static LearnedCurve Of(long step, Network network, DataSet examples, double[] x, double[] y)
    {
        using var scope = Libtorch.NewDisposeScope();
        var complexity = new GeometricComplexity().Measurement(new MeasureContext(new Subject(network), examples)).Value!.Value;
        var (from, to) = (Tensor.FromArray([x[0]], 1), Tensor.FromArray([x[^1]], 1));
        var width = x[^1] - x[0];
        var tracer = new LineTracer(network);
        double[] corners = [0, .. tracer.Kinks(from, to), 1];
        var heights = tracer.Values(from, to, corners);
        var values = tracer.Values(from, to, [.. x.Select(at => (at - x[0]) / width)]);
        var slopes = x.Select(at => Slope(corners, heights, (at - x[0]) / width) / width);
        return new LearnedCurve(
            step, [.. corners.Select(t => x[0] + (t * width))], heights, [.. slopes], values, complexity,
            values.Zip(y, (value, target) => Math.Pow(value - target, 2)).Average());
    }

    // Of the piece to the right of a place; of the last piece at the end.
    private static double Slope(double[] corners, double[] heights, double at)
    {
        var piece = Math.Clamp(Array.FindLastIndex(corners, corner => corner <= at), 0, corners.Length - 2);
        return (heights[piece + 1] - heights[piece]) / (corners[piece + 1] - corners[piece]);
    }
}
