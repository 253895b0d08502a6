namespace Occam.Tests.Theory;

/// <summary>
/// Dense ReLU layers without biases in plain loops: the conditions of Neyshabur et al. 2017, §4, from their definitions, and what noise on
/// the weights does, with random numbers of its own. What Occam computes is held against it.
/// </summary>
internal sealed class PlainChain(params double[][,] weights)
{
    public int Depth => weights.Length;

    public double[][,] Weights => weights;

    public int Units(int layer) => layer == 0 ? weights[0].GetLength(1) : weights[layer - 1].GetLength(0);

    public static double Norm(double[,] matrix) => Math.Sqrt(matrix.Cast<double>().Sum(value => value * value));

    public static double Norm(IEnumerable<double> vector) => Math.Sqrt(vector.Sum(value => value * value));

    public static double[] Unit(double[] x) => [.. x.Select(value => value / Norm(x))];

    /// <summary>The pre-activations of all layers, the outputs last.</summary>
    public static double[][] PreActivations(double[][,] weights, double[] x, bool[][]? active = null)
    {
        var all = new List<double[]>();
        foreach (var W in weights)
        {
            double[] z = [.. Enumerable.Range(0, W.GetLength(0)).Select(j => Enumerable.Range(0, x.Length).Sum(i => W[j, i] * x[i]))];
            var layer = all.Count;
            all.Add(z);
            x = [.. z.Select((value, j) => layer == weights.Length - 1 || (active?[layer][j] ?? value > 0) ? value : 0)];
        }

        return [.. all];
    }

    public double[] Outputs(double[] x) => PreActivations(weights, x)[^1];

    public bool[][] Active(double[] x) => [.. PreActivations(weights, x).Select(z => z.Select(value => value > 0).ToArray())];

    /// <summary>D_iW_i, the example first: whole matrices, rows of zeros and all.</summary>
    public double[][,] Layers(double[] x)
    {
        var active = Active(x);
        var column = new double[x.Length, 1];
        for (var i = 0; i < x.Length; i++)
        {
            column[i, 0] = x[i];
        }

        return
        [
            column,
            .. weights.Select((W, layer) =>
            {
                var rows = (double[,])W.Clone();
                for (var j = 0; j < W.GetLength(0); j++)
                {
                    for (var i = 0; i < W.GetLength(1) && layer < Depth - 1 && !active[layer][j]; i++)
                    {
                        rows[j, i] = 0;
                    }
                }

                return rows;
            }),
        ];
    }

    /// <summary>√h_c ‖P_{a..b}‖/(‖P_{c+1..b}‖ ‖P_{a..c}‖) of all a ≤ c &lt; b.</summary>
    public IEnumerable<(int A, int C, int B, double Ratio)> Ratios(double[] x)
    {
        var layers = Layers(x);
        double Size(int from, int to) => Norm(layers[from..(to + 1)].Aggregate((below, above) => Times(above, below)));
        return from b in Enumerable.Range(1, Depth)
               from a in Enumerable.Range(0, b)
               from c in Enumerable.Range(a, b - a)
               select (a, c, b, Math.Sqrt(Units(c)) * Size(a, b) / (Size(c + 1, b) * Size(a, c)));
    }

    public double Mu(double[] x) => Math.Min(1, Ratios(x).Min(ratio => ratio.Ratio));

    /// <summary>The largest share over δ for δ just where it jumps.</summary>
    public double C2(double[] x) => PreActivations(weights, x)[..^1].Max(z => z.Max(edge =>
        z.Count(value => Math.Abs(value) <= Math.Abs(edge)) / (double)z.Length / Math.Abs(edge)));

    public double C3(double[] x)
    {
        var layers = Layers(x);
        return Enumerable.Range(1, Depth).Max(layer => Enumerable.Range(0, Units(layer)).Max(unit =>
            Math.Sqrt(Units(layer)) * Norm(Enumerable.Range(0, Units(layer - 1)).Select(i => weights[layer - 1][unit, i])))
                / Norm(layers[layer]));
    }

    /// <summary>The weights with Gaussian noise of a size relative to each layer's root mean square weight.</summary>
    public double[][,] Noisy(SeededRandom random, double size) =>
        [.. weights.Select(W => Noisy(W, random, size * Norm(W) / Math.Sqrt(W.Length)))];

    private static double[,] Noisy(double[,] W, SeededRandom random, double deviation)
    {
        var noisy = new double[W.GetLength(0), W.GetLength(1)];
        for (var j = 0; j < W.GetLength(0); j++)
        {
            for (var i = 0; i < W.GetLength(1); i++)
            {
                noisy[j, i] = W[j, i] + (deviation * random.NextGaussian());
            }
        }

        return noisy;
    }

    public static double[,] Times(double[,] above, double[,] below)
    {
        var product = new double[above.GetLength(0), below.GetLength(1)];
        for (var j = 0; j < product.GetLength(0); j++)
        {
            for (var i = 0; i < product.GetLength(1); i++)
            {
                product[j, i] = Enumerable.Range(0, below.GetLength(0)).Sum(k => above[j, k] * below[k, i]);
            }
        }

        return product;
    }
}
