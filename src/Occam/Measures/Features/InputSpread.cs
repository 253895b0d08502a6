using System.Collections.Immutable;
using Occam.Measures.Curvature;
using Occam.Torch;

namespace Occam.Measures.Features;

/// <summary>How far the inputs of examples spread within their groups, in float64.</summary>
/// <param name="Variances">tr Σ_g, the mean of ‖x − μ_g‖², by group.</param>
/// <param name="Largest">
/// λ_max(Σ_g) by group, which no Poincaré constant of a distribution with that covariance is below, as linear functions show; null where
/// the inputs have so many numbers that it isn't computed.
/// </param>
internal sealed record InputSpread(ImmutableArray<double> Variances, ImmutableArray<double>? Largest)
{
    // Up to so many inputs Σ itself is added up; of more the examples are held, as long as all have no more numbers.
    private const long MostInputs = 1024;
    private const long MostHeld = 1L << 25;

    // Iterated where the smaller side is larger.
    private const long MostExact = 1024;
    private const int Products = 400;
    private const int Held = 24;
    private const double Tolerance = 1e-6;

    /// <summary>Of what the context measures, in two passes.</summary>
    /// <param name="context">The examples.</param>
    /// <param name="groups">Each example's group.</param>
    /// <param name="count">How many groups there are.</param>
    public static InputSpread Of(MeasureContext context, int[] groups, int count)
    {
        using var grad = Libtorch.NoGrad();
        using var scope = Libtorch.NewDisposeScope();
        var (width, sizes) = (context.Inputs, new double[count]);
        Tensor[] Zeros(params long[] shape) => [.. Enumerable.Range(0, count).Select(_ => Tensor.Zeros(shape, ScalarType.Float64))];
        var means = Zeros(width);
        foreach (var (group, rows) in context.Batches(0.5).SelectMany(batch => Rows(batch, groups)))
        {
            sizes[group] += rows.Size(0);
            means[group].AddInPlace(rows.Sum([0]));
        }

        means = [.. means.Select((sum, group) => sum / sizes[group])];
        var (sums, isHeld) = (new double[count], width > MostInputs);
        var isComputed = !isHeld || width * context.Data!.Count <= MostHeld;
        var products = isHeld ? [] : Zeros(width, width);
        var held = Enumerable.Range(0, count).Select(_ => new List<Tensor>()).ToArray();
        foreach (var (group, rows) in context.Batches(0.5, 0.5).SelectMany(batch => Rows(batch, groups)))
        {
            var deviations = rows - means[group];
            sums[group] += deviations.Square().Sum().Item();
            if (!isHeld)
            {
                products[group].AddInPlace(deviations.T().MatMul(deviations));
            }
            else if (isComputed)
            {
                held[group].Add(deviations.DetachFromDisposeScope());
            }
        }

        ImmutableArray<double> variances = [.. sums.Zip(sizes, (sum, n) => sum / n)];
        if (!isComputed)
        {
            return new InputSpread(variances, null);
        }

        var tops = isHeld ? held.Select(OfRows) : products.Select(Top);
        return new InputSpread(variances, [.. tops.Zip(sizes, (top, n) => top / n)]);
    }

    private static IEnumerable<(int Group, Tensor Rows)> Rows(ExampleBatch batch, int[] groups)
    {
        var all = batch.Inputs.Flatten(1).To(Device.Cpu).To(ScalarType.Float64);
        foreach (var group in Enumerable.Range(0, batch.Count).GroupBy(i => groups[batch.Indices[i]]))
        {
            long[] own = [.. group.Select(i => (long)i)];
            yield return (group.Key, all.IndexSelect(0, Tensor.FromArray(own, own.Length)));
        }
    }

    private static double OfRows(List<Tensor> parts)
    {
        var X = Tensor.Cat([.. parts], 0);
        parts.ForEach(part => part.Dispose());
        return X.Size(0) <= MostExact ? Top(X.MatMul(X.T())) : Iterated(v => X.T().MatMul(X.MatMul(v)), X.Size(1));
    }

    private static double Top(Tensor symmetric) => symmetric.Size(0) <= MostExact
        ? Math.Max(0, symmetric.EigenvaluesSymmetric().AMax([0]).Item())
        : Iterated(symmetric.MatMul, symmetric.Size(0));

    private static double Iterated(Func<Tensor, Tensor> apply, long size)
    {
        using Generator generator = new(0);
        using var found = LargestEigenpairs.Of(
            apply, Tensor.Zeros([size], ScalarType.Float64), 1, Products, Held, Tolerance, generator);
        return found.Values[0] + found.Residuals[0];
    }
}
