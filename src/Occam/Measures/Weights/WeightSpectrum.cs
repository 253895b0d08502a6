using System.Collections.Immutable;
using Occam.Networks.Inspection;
using Occam.Torch;

namespace Occam.Measures.Weights;

/// <summary>The squared singular values of a layer's matrix: the eigenvalues of W Wᵀ, of which as many count as W's smaller side.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Eigenvalues">The eigenvalues, largest first; what may be rounding is 0.</param>
internal sealed record WeightSpectrum(WeightLayer Layer, ImmutableArray<double> Eigenvalues)
{
    // Up to here the singular values themselves are computed, which keeps the digits of the small ones.
    private const long MostForSingularValues = 512;

    /// <summary>W's larger side.</summary>
    public long Larger => Layer.Matrix.Elements == 0 ? 0 : Layer.Matrix.Elements / Eigenvalues.Length;

    /// <summary>The spectra of the layers, each stored tensor once, computed once a run.</summary>
    public static ImmutableArray<WeightSpectrum> Of(MeasureContext context) => context.Shared(default(Key), () => new Known(
        [.. Compute([.. context.WeightLayers.Distinct], context)])).Spectra;

    private static WeightSpectrum[] Compute(WeightLayer[] layers, MeasureContext context)
    {
        var spectra = new WeightSpectrum[layers.Length];
        var done = 0;
        Workers.Run(layers.Length, context.Options.Threads ?? Libtorch.Threads, context.Options.Cancellation, (i, _) =>
        {
            spectra[i] = Of(layers[i]);
            context.Options.Progress?.Invoke((double)Interlocked.Increment(ref done) / layers.Length);
        });
        return spectra;
    }

    /// <summary>exp(−Σ p ln p), p the parts of the singular values in their sum (Roy and Vetterli 2007); 0 of a matrix of zeros.</summary>
    /// <param name="eigenvalues">The squared singular values.</param>
    public static double EffectiveRank(ImmutableArray<double> eigenvalues)
    {
        var sum = eigenvalues.Sum(Math.Sqrt);
        double[] parts = [.. eigenvalues.Where(one => one > 0).Select(one => Math.Sqrt(one) / sum)];
        return parts.Length == 0 ? 0 : Math.Exp(-parts.Sum(p => p * Math.Log(p)));
    }

    /// <summary>The spectrum of one layer.</summary>
    public static WeightSpectrum Of(WeightLayer layer)
    {
        using var grad = Libtorch.NoGrad();
        using var scope = Libtorch.NewDisposeScope();
        if (layer.Matrix.Elements == 0)
        {
            return new WeightSpectrum(layer, []);
        }

        var matrix = layer.Matrix.Detach().To(Device.Cpu).To(ScalarType.Float64);
        var wide = matrix.Size(0) <= matrix.Size(1) ? matrix : matrix.T();
        var bySingularValues = wide.Size(0) <= MostForSingularValues;
        var rounding = wide.Size(1) * (double.BitIncrement(1) - 1);
        double[] values =
        [
            .. (bySingularValues ? wide.SingularValues().Square() : wide.MatMul(wide.T()).EigenvaluesSymmetric()).ToArray<double>()
                .OrderDescending(),
        ];
        var least = values[0] * (bySingularValues ? rounding * rounding : rounding);
        return new WeightSpectrum(layer, [.. values.Select(value => value > least ? value : 0)]);
    }

    private sealed record Known(ImmutableArray<WeightSpectrum> Spectra);

    private readonly record struct Key;
}
