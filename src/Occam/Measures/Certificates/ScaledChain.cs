using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Measures.Certificates;

/// <summary>
/// An <see cref="AffineChain"/> as its bounds are computed: without units that do nothing, each matrix and activation scaled by a power of
/// two to a size about 1, which loses nothing, and a first matrix W_0 of more columns than rows replaced by a square one, R with
/// R Rᵀ ⪰ W_0 W_0ᵀ, so that W_0 = R C with ‖C‖ ≤ 1 and no bound becomes too small.
/// </summary>
internal sealed class ScaledChain
{
    // Slopes are told apart by at least this part of the steepest: a multiplier of an affine function has no largest value.
    private const double LeastSpread = 1e-3;

    // What an eigenvalue of float64 may be wrong by, and more.
    private const double Rounding = 1e-10;

    /// <summary>W_0 … W_L; none where the function is constant.</summary>
    public required ImmutableArray<Tensor> Weights { get; init; }

    /// <summary>Between which numbers the slopes of the activations between them lie.</summary>
    public required ImmutableArray<Interval> Slopes { get; init; }

    /// <summary>The bound of the chain is 2 to this times that of the scaled one.</summary>
    public required int Exponent { get; init; }

    /// <summary>∏ ‖W_i‖ times the steepest slopes, scaled.</summary>
    public required double Product { get; init; }

    /// <summary>The sizes of the input and of each hidden layer.</summary>
    public ImmutableArray<int> Sizes => [.. Weights.Select(weight => (int)weight.Size(1))];

    /// <summary>The hidden units.</summary>
    public int Hidden => Sizes.Skip(1).Sum();

    /// <summary>The most numbers that a matrix has on its smaller side.</summary>
    public long Width => Weights.Max(weight => Math.Min(weight.Size(0), weight.Size(1)));

    /// <summary>A bound of the scaled chain, as one of the chain.</summary>
    public double Unscaled(double bound) => Math.ScaleB(bound, Exponent);

    /// <summary>Scales a chain.</summary>
    public static ScaledChain Of(AffineChain chain, CancellationToken cancellation)
    {
        if (chain.Slopes.Any(slopes => AffineChain.Steepest(slopes) == 0) || WithoutIdleUnits([.. chain.Weights]) is not { } weights)
        {
            return new ScaledChain { Weights = [], Slopes = [], Exponent = 0, Product = 0 };
        }

        var exponent = 0;
        var product = 1.0;
        var slopes = new Interval[chain.Slopes.Length];
        for (var i = 0; i < slopes.Length; i++)
        {
            var steepest = AffineChain.Steepest(chain.Slopes[i]);
            var (low, high) = (chain.Slopes[i].Low, chain.Slopes[i].High);
            if (high - low < LeastSpread * steepest)
            {
                low = Math.Min(low, high - (LeastSpread * steepest));
            }

            var power = (int)Math.Ceiling(Math.Log2(steepest));
            slopes[i] = new Interval(Math.ScaleB(low, -power), Math.ScaleB(high, -power));
            product *= Math.ScaleB(steepest, -power);
            exponent += power;
        }

        for (var i = 0; i < weights.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var power = Math.Clamp((int)Math.Round(Math.Log2(weights[i].Abs().Flatten().AMax([0]).Item())), -1000, 1000);
            var norm = Norm(weights[i] * Math.ScaleB(1, -power));
            var rest = (int)Math.Round(Math.Log2(norm));
            weights[i] = weights[i] * Math.ScaleB(1, -power) * Math.ScaleB(1, -rest);
            product *= Math.ScaleB(norm, -rest) * (1 + Rounding);
            exponent += power + rest;
        }

        if (weights.Length > 1 && weights[0].Size(1) > weights[0].Size(0))
        {
            weights[0] = Square(weights[0], cancellation);
        }

        return new ScaledChain { Weights = [.. weights], Slopes = [.. slopes], Exponent = exponent, Product = product };
    }

    // The roots of the smaller of W Wᵀ's and Wᵀ W's eigenvalues: of numbers about 1 they neither over- nor underflow.
    private static double Norm(Tensor weight)
    {
        var gram = weight.Size(0) <= weight.Size(1) ? weight.MatMul(weight.T()) : weight.T().MatMul(weight);
        return Math.Sqrt(Math.Max(gram.EigenvaluesSymmetric().AMax([0]).Item(), 0));
    }

    // A unit whose weights into it, or out of it, are all 0 changes no difference of two outputs. Null where some layer has no other units.
    private static Tensor[]? WithoutIdleUnits(Tensor[] weights)
    {
        for (var changed = true; changed;)
        {
            changed = false;
            for (var i = 0; i < weights.Length; i++)
            {
                if (weights[i].Elements == 0 || weights[i].Abs().Flatten().AMax([0]).Item() == 0)
                {
                    return null;
                }

                if (i == 0)
                {
                    continue;
                }

                var (into, outOf) = (weights[i - 1].Abs().AMax([1]).ToArray<double>(), weights[i].Abs().AMax([0]).ToArray<double>());
                long[] busy = [.. Enumerable.Range(0, into.Length).Where(j => into[j] > 0 && outOf[j] > 0).Select(j => (long)j)];
                if (busy.Length < into.Length && busy.Length > 0)
                {
                    var kept = Tensor.FromArray(busy, busy.Length);
                    (weights[i - 1], weights[i], changed) = (weights[i - 1].IndexSelect(0, kept), weights[i].IndexSelect(1, kept), true);
                }
                else if (busy.Length == 0)
                {
                    return null;
                }
            }
        }

        return weights;
    }

    // R with R Rᵀ ⪰ W Wᵀ: the factor of W Wᵀ and as much of the identity as roundings could take away.
    private static Tensor Square(Tensor weight, CancellationToken cancellation)
    {
        var order = (int)weight.Size(0);
        var gram = weight.MatMul(weight.T());
        var magnitudes = weight.Abs();
        var sums = magnitudes.MatMul(magnitudes.Sum([0]).Unsqueeze(1));
        var numbers = gram.ToArray<double>();
        var trace = Enumerable.Range(0, order).Sum(i => numbers[(i * order) + i]);
        var error = 2 * EnvelopeCholesky.Gamma(weight.Size(1) + 3) * sums.Flatten().AMax([0]).Item();
        for (var added = error + (2 * EnvelopeCholesky.Error(order, trace)); ; added *= 4)
        {
            var rows = new double[order][];
            for (var i = 0; i < order; i++)
            {
                rows[i] = numbers[(i * order)..((i * order) + i + 1)];
                rows[i][i] += added;
            }

            if (EnvelopeCholesky.Factor(rows, new int[order], cancellation))
            {
                return Tensor.FromArray([.. rows.SelectMany(row => row.Concat(new double[order - row.Length]))], order, order);
            }
        }
    }
}
