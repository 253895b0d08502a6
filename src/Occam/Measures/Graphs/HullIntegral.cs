using Occam.Torch;

namespace Occam.Measures.Graphs;

/// <summary>
/// Integrals over the convex hull of the data of what depends on x by ‖∇f(x)‖² only: exact or by quadrature on
/// an interval, by uniform sampling in two and three dimensions.
/// </summary>
internal static class HullIntegral
{
    /// <summary>Why there may be no integral.</summary>
    public const string NoVolume = "the data’s convex hull has no volume";

    private const int Samples = 20_000;

    /// <summary>The integral, or null when the hull has no volume.</summary>
    public static Integral? Compute(MeasureContext context, Func<double, double> integrand)
    {
        if (context.Inputs == 1)
        {
            return FunctionOnInterval.OfData(context)?.Integrate(integrand);
        }

        var dimensions = (int)context.Inputs;
        if (context.Shared(() => ConvexHull.Of(Points(context, dimensions))) is not { Volume: > 0 } hull)
        {
            return null;
        }

        var squared = context.Shared(default(GradientNorms), () => SquaredNorms(context, hull, dimensions));
        return new Integral(
            Uncertain.Integral(hull.Volume, [.. squared.Select(integrand)]), hull.Volume, 0,
            [$"{Numbers.Format(Samples)} uniform samples in the hull (seed {context.Options.Seed})"]);
    }

    private static double[][] Points(MeasureContext context, int dimensions)
    {
        var flat = new double[context.Data!.Count * dimensions];
        context.Data.CopyInputs(Enumerable.Range(0, context.Data.Count).ToArray(), flat);
        return [.. flat.Chunk(dimensions)];
    }

    private static double[] SquaredNorms(MeasureContext context, ConvexHull hull, int dimensions)
    {
        var random = new SeededRandom(context.Options.Seed, stream: 1);
        var norms = new List<double>(Samples);
        while (norms.Count < Samples)
        {
            context.Options.Cancellation.ThrowIfCancellationRequested();
            using var scope = Libtorch.NewDisposeScope();
            var count = Math.Min(context.BatchSize, Samples - norms.Count);
            var points = new double[count * dimensions];
            for (var i = 0; i < count; i++)
            {
                hull.Sample(random).CopyTo(points, i * dimensions);
            }

            var x = Tensor.FromArray(points, [count, .. context.ExampleShape]).To(context.Function.Type).To(context.Function.Device);
            norms.AddRange(context.Jacobian.SquaredNorms(x));
            context.Options.Progress?.Invoke(norms.Count / (double)Samples);
        }

        return [.. norms];
    }

    private readonly record struct GradientNorms;
}
