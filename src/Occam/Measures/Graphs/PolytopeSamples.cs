using Occam.Torch;
using static System.Numerics.Tensors.TensorPrimitives;

namespace Occam.Measures.Graphs;

/// <summary>
/// Random points of the feature polytope, the convex hull of the data, in any dimension: x = Σ_j w_j x_j over m = min(n, d + 1) of
/// the n data points drawn without replacement, w uniform on the simplex. So x is uniform in a simplex of data points, and the
/// simplex uniform among all.
/// <para>
/// Where n ≤ d + 1 points are in general position the polytope is that one simplex, and x is uniform in it. With more
/// points a place counts as often as simplices cover it, by their volumes: no uniform sampling of a polytope of thousands
/// of points in hundreds of dimensions is known that doesn't solve a linear program a step. Neither is its volume; so what
/// is reported are means over the polytope, integrals by that distribution in place of dx.
/// </para>
/// </summary>
internal sealed class PolytopeSamples
{
    private const int Samples = 1024;

    private PolytopeSamples(double[] inside, double[] onChords, int vertices) =>
        (Inside, OnChords, Vertices) = (inside, onChords, vertices);

    /// <summary>‖∇f(x)‖² at points of random simplices.</summary>
    public double[] Inside { get; }

    /// <summary>The same for m = 2: uniform on the line between two data points.</summary>
    public double[] OnChords { get; }

    /// <summary>m.</summary>
    public int Vertices { get; }

    /// <summary>How the points were drawn.</summary>
    public string Note(MeasureContext context) =>
        $"{Numbers.Format(Samples)} random points of simplices of {Vertices} data points (seed {context.Options.Seed})"
        + (Vertices == context.Data!.Count
            ? ", which is the polytope itself"
            : ", which lie in the middle of the polytope where the dimension is high");

    /// <summary>The samples of a context, drawn once.</summary>
    public static PolytopeSamples Of(MeasureContext context) => context.Shared(() =>
    {
        var vertices = (int)Math.Min(context.Data!.Count, context.Inputs + 1);
        var random = new SeededRandom(context.Options.Seed, stream: 2);
        return new PolytopeSamples(Draw(context, random, vertices, 0), Draw(context, random, Math.Min(2, vertices), 0.5), vertices);
    });

    /// <summary>The mean of a function of ‖∇f‖².</summary>
    public static Uncertain Mean(double[] squares, Func<double, double> integrand) =>
        Uncertain.TwoPassMean(Array.ConvertAll(squares, square => integrand(square)));

    private static double[] Draw(MeasureContext context, SeededRandom random, int vertices, double done)
    {
        var (data, size) = (context.Data!, context.Data!.ExampleSize);
        var corners = new double[vertices * size];
        var squares = new List<double>(Samples);
        while (squares.Count < Samples)
        {
            context.Options.Cancellation.ThrowIfCancellationRequested();
            using var scope = Libtorch.NewDisposeScope();
            var count = Math.Min(context.BatchSize, Samples - squares.Count);
            var points = new double[count * size];
            for (var i = 0; i < count; i++)
            {
                data.CopyInputs(random.Choose(vertices, data.Count), corners);
                var weights = Weights(random, vertices);
                var point = points.AsSpan(i * size, size);
                for (var j = 0; j < vertices; j++)
                {
                    MultiplyAdd(corners.AsSpan(j * size, size), weights[j], point, point);
                }
            }

            squares.AddRange(context.Jacobian.SquaredNorms(
                Tensor.FromArray(points, [count, .. context.ExampleShape]).To(context.Function.Type).To(context.Function.Device)));
            context.Options.Progress?.Invoke(done + (0.5 * squares.Count / Samples));
        }

        return [.. squares];
    }

    // Exponential numbers over their sum are uniform on the simplex.
    private static double[] Weights(SeededRandom random, int count)
    {
        var weights = new double[count];
        for (var i = 0; i < count; i++)
        {
            weights[i] = -Math.Log(1 - random.NextDouble());
        }

        var sum = weights.Sum();
        return Array.ConvertAll(weights, weight => weight / sum);
    }
}
