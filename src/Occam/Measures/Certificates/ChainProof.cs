using Occam.Torch;

namespace Occam.Measures.Certificates;

/// <summary>
/// Proves in floating point that a scaled chain's Lipschitz constant is at most √ρ. With slopes between α_i and β_i, any two inputs and T_i
/// ⪰ 0 diagonal have (y_i − α_i z_i)ᵀ T_i (β_i z_i − y_i) ≥ 0 for the differences z_i = W_{i−1} y_{i−1} before and y_i behind φ_i. So
/// ‖W_L y_L‖² ≤ ρ‖y_0‖² follows from M(ρ, T) ⪰ 0 (Fazlyab et al. 2019, Theorem 2), which is block tridiagonal: ρI, T_1, …, T_L − W_Lᵀ W_L
/// on the diagonal, each plus α_{i+1} β_{i+1} W_iᵀ T_{i+1} W_i, and −½(α_i + β_i) T_i W_{i−1} below it.
/// <para>
/// M is scaled by powers of two to a diagonal about 1, and a bound c of all roundings, those of its numbers and those of a
/// Cholesky factorization, is taken from its diagonal. Where the factorization of what is left runs to its end, M itself is positive
/// semidefinite in exact arithmetic.
/// </para>
/// </summary>
internal sealed class ChainProof
{
    // Roundings of a number off the diagonal, and of one on it: products of three, sums of three, and what is taken off.
    private const int FewRoundings = 6;

    // How far is gone from what was found, one after another.
    private static readonly double[] s_parts = [0, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1];

    private readonly ScaledChain _chain;
    private readonly int[] _sizes;
    private readonly int[] _offsets;
    private readonly double[][] _weights;

    public ChainProof(ScaledChain chain)
    {
        _chain = chain;
        _sizes = [.. chain.Sizes];
        _offsets = [.. _sizes.Select((_, i) => _sizes.Take(i).Sum())];
        _weights = [.. chain.Weights.Select(weight => weight.ToArray<double>())];
    }

    /// <summary>
    /// A Lipschitz bound of the scaled chain, from multipliers that need not quite hold: gone from them towards some that hold with room to
    /// spare, as little as the proof takes. NaN where even those don't pass.
    /// </summary>
    public double Bound(Multipliers found, Multipliers safe, CancellationToken cancellation)
    {
        foreach (var part in s_parts)
        {
            var tried = found.Towards(safe, part);
            if (Holds(tried, cancellation))
            {
                return Math.BitIncrement(Math.Sqrt(tried.Squared));
            }
        }

        return double.NaN;
    }

    /// <summary>
    /// Whether M(ρ, T) is shown to be positive semidefinite. False may mean that it isn't, or not by more than roundings.
    /// </summary>
    public bool Holds(Multipliers multipliers, CancellationToken cancellation)
    {
        if (!(multipliers.Squared > 0) || multipliers.Units.Any(unit => !(unit > 0) || double.IsInfinity(unit)))
        {
            return false;
        }

        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var order = _sizes.Sum();
        double[] diagonal =
            [.. Enumerable.Repeat(multipliers.Squared, _sizes[0]), .. multipliers.Units];
        var scale = Array.ConvertAll(diagonal, value => Math.ScaleB(1, -(int)Math.Round(Math.Log2(value) / 2)));
        int[] starts = [.. Enumerable.Range(0, _sizes.Length).SelectMany(i =>
            Enumerable.Repeat(_offsets[Math.Max(i - 1, 0)], _sizes[i]))];
        var rows = new double[order][];
        for (var i = 0; i < order; i++)
        {
            rows[i] = new double[i - starts[i] + 1];
            rows[i][^1] = diagonal[i] * scale[i] * scale[i];
        }

        var error = Couple(rows, multipliers.Units, scale) + AddProducts(rows, multipliers.Units, scale);
        error += EnvelopeCholesky.Gamma(FewRoundings) * rows.Max(row => Math.Abs(row[^1]));
        var shift = 2 * (error + EnvelopeCholesky.Error(order, rows.Sum(row => Math.Abs(row[^1]))));
        foreach (var row in rows)
        {
            row[^1] -= shift;
        }

        return EnvelopeCholesky.Factor(rows, starts, cancellation);
    }

    // −½(α + β) T W below the diagonal; returns what roundings change in ‖M‖ at most: the largest sum of a row.
    private double Couple(double[][] rows, double[] units, double[] scale)
    {
        var sums = new double[rows.Length];
        for (var layer = 1; layer < _sizes.Length; layer++)
        {
            var half = Middle(layer);
            var (weight, before) = (_weights[layer - 1], _offsets[layer - 1]);
            for (var j = 0; j < _sizes[layer]; j++)
            {
                var at = _offsets[layer] + j;
                var factor = -half * units[at - _sizes[0]] * scale[at];
                for (var k = 0; k < _sizes[layer - 1]; k++)
                {
                    var value = factor * weight[(j * _sizes[layer - 1]) + k] * scale[before + k];
                    rows[at][k] = value;
                    sums[at] += Math.Abs(value);
                    sums[before + k] += Math.Abs(value);
                }
            }
        }

        return EnvelopeCholesky.Gamma(FewRoundings) * sums.Max();
    }

    // α β Wᵀ T W of each activation, and −W_Lᵀ W_L, onto the diagonal's blocks; returns what roundings change in ‖M‖ at most.
    private double AddProducts(double[][] rows, double[] units, double[] scale)
    {
        var error = 0.0;
        for (var layer = 0; layer < _sizes.Length; layer++)
        {
            var isLast = layer == _sizes.Length - 1;
            var factor = isLast ? -1 : Product(layer + 1);
            if (factor == 0)
            {
                continue;
            }

            var (offset, size, weight) = (_offsets[layer], _sizes[layer], _chain.Weights[layer]);
            var T = isLast ? Tensor.Ones([weight.Size(0), 1], ScalarType.Float64)
                : Tensor.FromArray(Units(units, layer + 1), _sizes[layer + 1], 1);
            var D = Tensor.FromArray(scale[offset..(offset + size)], 1, size);
            var scaled = weight * D;
            var product = (scaled.T() * factor).MatMul(scaled * T).ToArray<double>();
            for (var j = 0; j < size; j++)
            {
                var start = rows[offset + j].Length - 1 - j;
                for (var k = 0; k <= j; k++)
                {
                    rows[offset + j][start + k] += product[(j * size) + k];
                }
            }

            var magnitudes = scaled.Abs();
            var sums = magnitudes.T().MatMul(T * magnitudes.Sum([1], keep: true)).Flatten().AMax([0]).Item();
            error += Math.Abs(factor) * EnvelopeCholesky.Gamma(weight.Size(0) + FewRoundings) * sums;
        }

        return error;
    }

    private double[] Units(double[] units, int layer) =>
        units[(_offsets[layer] - _sizes[0])..(_offsets[layer] - _sizes[0] + _sizes[layer])];

    private double Middle(int layer) => (_chain.Slopes[layer - 1].Low + _chain.Slopes[layer - 1].High) / 2;

    private double Product(int layer) => _chain.Slopes[layer - 1].Low * _chain.Slopes[layer - 1].High;
}
