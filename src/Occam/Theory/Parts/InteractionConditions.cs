using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Theory.Parts;

/// <summary>
/// Conditions C1, C2 and C3 of Neyshabur et al. 2017, §4, "given x": of dense ReLU layers W_1 … W_d at one example, which the theorem has
/// of length 1. P_{a..b} is the product of the D_iW_i from a to b, W_0 = x, D_0 and D_d the identity.
/// <para>
/// C2 is printed with "pre-activation ≤ δ" and no δ said: its proof takes the magnitude, and so does this, for every δ &gt; 0. Then C_2 is
/// an extreme: the least magnitude alone may make it large, and every further example may make it larger.
/// </para>
/// </summary>
/// <param name="Ratios">C1: the ratios of all 0 ≤ a ≤ c &lt; b ≤ d, but where ‖P_{c+1..b}‖ ‖P_{a..c}‖ is 0, and C1 holds.</param>
/// <param name="Magnitudes">C2: the magnitudes of the pre-activations of each hidden layer, ascending.</param>
/// <param name="Peaks">C3: √h_i ‖W_{i,j}‖/‖D_iW_i‖_F by layer i and unit j.</param>
/// <param name="LayerNorms">‖D_iW_i‖_F, i = 1 … d.</param>
internal sealed record InteractionConditions(
    ImmutableArray<InteractionRatio> Ratios,
    ImmutableArray<ImmutableArray<double>> Magnitudes,
    ImmutableArray<ImmutableArray<double>> Peaks,
    ImmutableArray<double> LayerNorms)
{
    /// <summary>The largest μ that C1 holds with, for c = a too as the lemmas' proofs need, and 1 at most, which they need too.</summary>
    public double Mu => Math.Min(1, Ratios.Select(ratio => ratio.Value).DefaultIfEmpty(1).Min());

    /// <summary>The same for a &lt; c &lt; b alone, as C1 is printed; NaN where there are none.</summary>
    public double StatedMu => Least(ratio => ratio.IsStated);

    /// <summary>The least ratio with a &lt; c &lt; b − 1; NaN where there are none.</summary>
    public double MiddleMu => Least(ratio => !ratio.IsBoundary);

    /// <summary>The least ratio with c = a or c = b − 1.</summary>
    public double BoundaryMu => Least(ratio => ratio.IsBoundary);

    /// <summary>
    /// The least C_2 that C2 holds with: the largest share of a hidden layer's units with a pre-activation within δ of zero, over δ, for
    /// all δ &gt; 0. Infinite where a pre-activation is zero.
    /// </summary>
    public double C2 => C2From(0);

    /// <summary>The least C_3 that C3 holds with; infinite where all units of a layer are off.</summary>
    public double C3 => Peaks.Max(layer => layer.Max());

    /// <summary>The least C_2 that C2 holds with for δ of at least some size.</summary>
    public double C2From(double least) => Magnitudes.Select(layer => C2From(layer, least)).DefaultIfEmpty(0).Max();

    /// <summary>The share of a hidden layer's units with a pre-activation within δ of zero.</summary>
    /// <param name="layer">The layer, from 0.</param>
    /// <param name="delta">δ.</param>
    public double Share(int layer, double delta) =>
        (double)Magnitudes[layer].Count(magnitude => magnitude <= delta) / Magnitudes[layer].Length;

    /// <summary>The conditions of layers at an example.</summary>
    /// <param name="weights">W_1 … W_d in float64, h_i × h_{i−1}.</param>
    /// <param name="x">The example, h_0 numbers in float64.</param>
    /// <param name="preActivations">
    /// W_i D_{i−1}W_{i−1} ⋯ D_1W_1 x of the hidden layers, h_i numbers each; a unit is on where it is above 0.
    /// </param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static InteractionConditions At(
        IReadOnlyList<Tensor> weights, Tensor x, IReadOnlyList<Tensor> preActivations, Action<double>? progress = null,
        CancellationToken cancellation = default)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        double[][] before = [.. preActivations.Select(z => z.To(Device.Cpu).ToArray<double>())];
        var active = Array.ConvertAll(before, layer => Active(layer, x.Device));
        var norms = Products(weights, x, active, progress, cancellation);
        long[] units = [x.Size(0), .. weights.Select(W => W.Size(0))];
        return new InteractionConditions(
            [.. RatiosOf(norms, units)],
            [.. before.Select(layer => layer.Select(Math.Abs).Order().ToImmutableArray())],
            [.. weights.Select((W, i) => PeaksOf(W, norms[i + 1, i + 1]))],
            [.. weights.Select((_, i) => norms[i + 1, i + 1])]);
    }

    /// <summary>The indices of the units that are on.</summary>
    private static Tensor Active(double[] layer, Device device)
    {
        long[] units = [.. Enumerable.Range(0, layer.Length).Where(unit => layer[unit] > 0).Select(unit => (long)unit)];
        return Tensor.FromArray(units, units.Length).To(device);
    }

    /// <summary>
    /// ‖P_{a..b}‖_F for 0 ≤ a ≤ b ≤ d. Rows of units that are off are zero, and left out with the columns that they meet.
    /// </summary>
    private static double[,] Products(
        IReadOnlyList<Tensor> weights, Tensor x, Tensor[] active, Action<double>? progress, CancellationToken cancellation)
    {
        var depth = weights.Count;
        var norms = new double[depth + 1, depth + 1];
        Tensor Rows(int layer) => layer < depth ? weights[layer - 1].IndexSelect(0, active[layer - 1]) : weights[layer - 1];
        for (var a = 0; a <= depth; a++)
        {
            using var scope = Libtorch.NewDisposeScope();
            var P = a == 0 ? x.Unsqueeze(1) : Rows(a);
            norms[a, a] = P.Norm().Item();
            for (var b = a + 1; b <= depth; b++)
            {
                cancellation.ThrowIfCancellationRequested();
                P = (b == 1 ? Rows(b) : Rows(b).IndexSelect(1, active[b - 2])).MatMul(P);
                norms[a, b] = P.Norm().Item();
            }

            progress?.Invoke((a + 1.0) / (depth + 1));
        }

        return norms;
    }

    private static IEnumerable<InteractionRatio> RatiosOf(double[,] norms, long[] units)
    {
        for (var b = 1; b < units.Length; b++)
        {
            for (var a = 0; a < b; a++)
            {
                for (var c = a; c < b; c++)
                {
                    var parts = norms[c + 1, b] * norms[a, c];
                    if (parts > 0)
                    {
                        yield return new InteractionRatio(a, c, b, Math.Sqrt(units[c]) * norms[a, b] / parts);
                    }
                }
            }
        }
    }

    private static ImmutableArray<double> PeaksOf(Tensor W, double norm) =>
        [.. W.Norm([1]).To(Device.Cpu).ToArray<double>().Select(row => row == 0 ? 0 : Math.Sqrt(W.Size(0)) * row / norm)];

    // The share grows by 1/h at each magnitude and its ratio to δ falls in between: the largest is at one of them, or at the least δ.
    private static double C2From(ImmutableArray<double> magnitudes, double least)
    {
        var largest = 0.0;
        for (var unit = 0; unit < magnitudes.Length; unit++)
        {
            largest = Math.Max(largest, (unit + 1.0) / magnitudes.Length / Math.Max(magnitudes[unit], least));
        }

        return largest;
    }

    private double Least(Func<InteractionRatio, bool> chosen)
    {
        double[] values = [.. Ratios.Where(chosen).Select(ratio => ratio.Value)];
        return values.Length > 0 ? values.Min() : double.NaN;
    }
}
