using Occam.Torch;

namespace Occam.Measures.Certificates;

/// <summary>
/// M(ρ, T) of <see cref="ChainProof"/>, and the first two derivatives of −log det M. Unit j moves M by
/// A_j = U_j G U_jᵀ with the two columns U_j = (w_j, e_j), its row of weights and its own place, and G = (αβ, −m; −m, 1): so
/// tr(M⁻¹ A_j M⁻¹ A_k) comes from the four numbers U_jᵀ M⁻¹ U_k of each pair of units, and no matrix A_j is made.
/// </summary>
internal sealed class LipSdpSystem
{
    private readonly Tensor[] _weights;
    private readonly double[] _middles;
    private readonly double[] _products;
    private readonly long[] _sizes;
    private readonly long[] _offsets;
    private readonly Tensor _last;
    private readonly Tensor _middle;
    private readonly Tensor _product;

    public LipSdpSystem(ScaledChain chain)
    {
        _weights = [.. chain.Weights];
        _middles = [.. chain.Slopes.Select(slopes => (slopes.Low + slopes.High) / 2)];
        _products = [.. chain.Slopes.Select(slopes => slopes.Low * slopes.High)];
        _sizes = [.. chain.Sizes.Select(size => (long)size)];
        _offsets = [.. _sizes.Select((_, i) => _sizes.Take(i).Sum())];
        _last = chain.Weights[^1].T().MatMul(chain.Weights[^1]);
        _middle = ByUnit(_middles);
        _product = ByUnit(_products);
    }

    /// <summary>The multipliers t.</summary>
    public int Units => (int)_sizes.Skip(1).Sum();

    /// <summary>The order of M.</summary>
    public int Order => (int)_sizes.Sum();

    /// <summary>The sizes of the hidden layers.</summary>
    public IEnumerable<long> Layers => _sizes.Skip(1);

    /// <summary>M(ρ, T), whole.</summary>
    /// <param name="squared">ρ.</param>
    /// <param name="units">t, a column.</param>
    public Tensor Matrix(double squared, Tensor units)
    {
        var blocks = new Tensor[_sizes.Length];
        Tensor? below = null;
        for (var i = 0; i < blocks.Length; i++)
        {
            var one = Tensor.Eye(_sizes[i], ScalarType.Float64);
            var own = i == 0 ? one * squared : one * Part(units, i);
            Tensor? left = null;
            if (i == blocks.Length - 1)
            {
                own = own - _last;
            }
            else
            {
                var next = _weights[i] * Part(units, i + 1);
                own = _products[i] == 0 ? own : own + (_weights[i].T().MatMul(next) * _products[i]);
                left = next * -_middles[i];
            }

            // A row of blocks: zeros, what couples it to the layer before, its own, to the layer after, zeros.
            List<Tensor> row = [];
            void Zeros(long columns)
            {
                if (columns > 0)
                {
                    row.Add(Tensor.Zeros([_sizes[i], columns], ScalarType.Float64));
                }
            }

            Zeros(i > 1 ? _offsets[i - 1] : 0);
            row.AddRange(new[] { below, own, left?.T() }.OfType<Tensor>());
            Zeros(Order - row.Sum(block => block.Size(1)));
            blocks[i] = Tensor.Cat([.. row], 1);
            below = left;
        }

        return Tensor.Cat(blocks, 0);
    }

    /// <summary>
    /// The gradient of −log det M by (ρ, t), a column of 1 + n, and its Hessian.
    /// </summary>
    /// <param name="V">M⁻¹.</param>
    public (Tensor Gradient, Tensor Hessian) Derivatives(Tensor V)
    {
        var (first, units) = (_sizes[0], (long)Units);
        var wV = Tensor.Cat([.. _weights.SkipLast(1).Select((weight, i) => weight.MatMul(V.Narrow(0, _offsets[i], _sizes[i])))], 0);
        var eV = V.Narrow(0, first, units);
        var ee = eV.Narrow(1, first, units);
        var we = wV.Narrow(1, first, units);
        var ww = Tensor.Cat(
            [.. _weights.SkipLast(1).Select((weight, i) => wV.Narrow(1, _offsets[i], _sizes[i]).MatMul(weight.T()))], 1);
        var (m, a, mT, aT, ew) = (_middle, _product, _middle.T(), _product.T(), we.T());
        var mixed = ((we * a) - (ee * m)) * (we - (ww * mT));
        var hessian = (((ww * a) - (ew * m)) * ((ww * aT) - (we * mT))) + mixed + mixed.T() + ((ee - (we * m)) * (ee - (ew * mT)));
        var own = (Diagonal(ww) * a) - (Diagonal(we) * m * 2) + Diagonal(ee);

        var (w0, e0, v0) = (wV.Narrow(1, 0, first), eV.Narrow(1, 0, first), V.Narrow(0, 0, first).Narrow(1, 0, first));
        var cross = (w0.Square().Sum([1], keep: true) * a) - ((w0 * e0).Sum([1], keep: true) * m * 2) + e0.Square().Sum([1], keep: true);
        var corner = v0.Square().Sum().Reshape(1, 1);
        var trace = Diagonal(v0).Sum().Reshape(1, 1);
        return (
            -Tensor.Cat([trace, own], 0),
            Tensor.Cat([Tensor.Cat([corner, cross.T()], 1), Tensor.Cat([cross, hessian], 1)], 0));
    }

    private Tensor Part(Tensor units, int layer) => units.Narrow(0, _offsets[layer] - _sizes[0], _sizes[layer]);

    private Tensor ByUnit(double[] byLayer) =>
        Tensor.FromArray([.. byLayer.SelectMany((value, i) => Enumerable.Repeat(value, (int)_sizes[i + 1]))], Units, 1);

    private static Tensor Diagonal(Tensor matrix) => matrix.Diagonal().Unsqueeze(1);
}
