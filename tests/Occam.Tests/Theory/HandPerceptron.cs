using Occam.Networks;
using Occam.Torch;

namespace Occam.Tests.Theory;

/// <summary>
/// A ReLU perceptron with two hidden layers and one output in plain arrays: what it computes, its gradients and a step of gradient
/// descent, written out to hold the library against.
/// </summary>
internal sealed class HandPerceptron
{
    private readonly double[][] _w1, _w2;
    private readonly double[] _b1, _b2, _w3;
    private double _b3;

    public HandPerceptron(Network network)
    {
        double[] Numbers(string name) => network.Constant(name)!.To(ScalarType.Float64).Contiguous().ToArray<double>();
        (_b1, _b2, _w3, _b3) = (Numbers("layer1.bias"), Numbers("layer2.bias"), Numbers("layer3.weight"), Numbers("layer3.bias")[0]);
        _w1 = [.. Numbers("layer1.weight").Chunk(Numbers("layer1.weight").Length / _b1.Length)];
        _w2 = [.. Numbers("layer2.weight").Chunk(_b1.Length)];
    }

    public double[] FirstBias => [.. _b1];

    public double[][] FirstWeights => _w1;

    /// <summary>z of an example, which units of either layer are on, ∂z/∂b_1 and ∂z/∂x with some units kept and the others not.</summary>
    public (double Output, bool[] First, bool[] Second, double[] ByBias, double[] ByInput) At(
        double[] x, bool[]? keptFirst = null, bool[]? keptSecond = null)
    {
        double[] z1 = [.. _w1.Zip(_b1, (row, b) => row.Zip(x, (w, v) => w * v).Sum() + b)];
        double[] z2 = [.. _w2.Zip(_b2, (row, b) => row.Zip(z1, (w, v) => w * Math.Max(v, 0)).Sum() + b)];
        var output = _b3 + _w3.Zip(z2, (w, v) => w * Math.Max(v, 0)).Sum();
        var byBias = new double[z1.Length];
        for (var i = 0; i < z1.Length; i++)
        {
            for (var j = 0; j < z2.Length; j++)
            {
                byBias[i] += z2[j] > 0 && keptSecond?[j] != false && z1[i] > 0 && keptFirst?[i] != false ? _w3[j] * _w2[j][i] : 0;
            }
        }

        double[] byInput = [.. x.Select((_, axis) => byBias.Select((part, i) => part * _w1[i][axis]).Sum())];
        return (output, [.. z1.Select(z => z > 0)], [.. z2.Select(z => z > 0)], byBias, byInput);
    }

    /// <summary>w ← w − rate · slope · ∂z/∂w, W_1 left alone.</summary>
    public void Step(double[] x, double rate, double slope)
    {
        double[] h1 = [.. _w1.Zip(_b1, (row, b) => Math.Max(0, row.Zip(x, (w, v) => w * v).Sum() + b))];
        double[] h2 = [.. _w2.Zip(_b2, (row, b) => Math.Max(0, row.Zip(h1, (w, v) => w * v).Sum() + b))];
        var byBias = At(x).ByBias;
        double[] byZ2 = [.. h2.Zip(_w3, (h, w) => h > 0 ? w : 0)];
        for (var i = 0; i < _b1.Length; i++)
        {
            _b1[i] -= rate * slope * byBias[i];
        }

        for (var j = 0; j < _b2.Length; j++)
        {
            for (var i = 0; i < h1.Length; i++)
            {
                _w2[j][i] -= rate * slope * byZ2[j] * h1[i];
            }

            _b2[j] -= rate * slope * byZ2[j];
            _w3[j] -= rate * slope * h2[j];
        }

        _b3 -= rate * slope;
    }

    public static double Norm(IEnumerable<double> vector) => Math.Sqrt(vector.Sum(part => part * part));

    /// <summary>The singular values of a matrix of two rows, from the eigenvalues of its 2 × 2 Gram matrix.</summary>
    public static (double Largest, double Smallest) SingularValues(double[][] rows)
    {
        double Product(int i, int j) => rows[i].Zip(rows[j], (a, b) => a * b).Sum();
        var (a, b, c) = (Product(0, 0), Product(0, 1), Product(1, 1));
        var root = Math.Sqrt(((a - c) * (a - c)) + (4 * b * b));
        return (Math.Sqrt((a + c + root) / 2), Math.Sqrt((a + c - root) / 2));
    }
}
