using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Statistics;

namespace Occam.Measures.Curvature;

/// <summary>
/// The estimates t_i of <see cref="XTrace"/> from small matrices: m × m for m random vectors ω_i, with AΩ = QR.
/// <para>
/// Their mean's error: given all vectors but its own, each t_i is unbiased. So what t_i and t_j have in common is only what each has of the
/// other's vector. With t_i⁽ʲ⁾ the estimate from the images of all but i and j, and D_ij = t_i − t_i⁽ʲ⁾, the other products in
/// Cov(t_i, t_j) have the mean 0, and it is E[D_ij D_ji]. As E[s²] = Var(t_i) − Cov(t_i, t_j),
/// <code>s²/m + mean over i ≠ j of D_ij D_ji</code>
/// is unbiased for the variance of the mean.
/// </para>
/// </summary>
/// <param name="n">The size of the matrix.</param>
/// <param name="R">The triangular factor of the images.</param>
/// <param name="H">QᵀAQ.</param>
/// <param name="W">QᵀΩ.</param>
/// <param name="forms">ω_iᵀAω_i.</param>
/// <param name="squares">‖ω_i‖².</param>
internal sealed class XTraceEstimates(long n, Matrix<double> R, Matrix<double> H, Matrix<double> W, double[] forms, double[] squares)
{
    // Each takes as many steps as H has numbers.
    private const int MostPairs = 2000;

    private readonly Vector<double>[] _missing = [.. R.Inverse().Transpose().EnumerateColumns().Select(column => column.Normalize(2))];
    private readonly double _trace = H.Trace();

    private int Count => forms.Length;

    /// <summary>The mean of the estimates, with its standard error.</summary>
    public Uncertain Mean()
    {
        double[] estimates = [.. Enumerable.Range(0, Count).Select(i => Estimate(i, _missing[i]))];
        var mean = Uncertain.Mean(estimates);
        double[] products =
        [
            .. Pairs().Select(pair =>
            {
                var (i, j) = pair;
                var other = _missing[j] - (_missing[i] * (_missing[i] * _missing[j]));
                var second = other.Normalize(2);
                return (estimates[i] - Estimate(i, _missing[i], second)) * (estimates[j] - Estimate(j, _missing[i], second));
            }),
        ];

        // A covariance that comes out negative by chance would make the error too small.
        var variance = estimates.Variance() / Count;
        return mean with { StandardError = Math.Sqrt(variance + Math.Max(0, products.Average())) };
    }

    // All pairs, or of many vectors neighbours at every distance up to one.
    private IEnumerable<(int I, int J)> Pairs() => Enumerable.Range(1, Count / 2)
        .SelectMany(distance => Enumerable.Range(0, 2 * distance == Count ? distance : Count).Select(i => (i, (i + distance) % Count)))
        .Take(Math.Max(MostPairs, Count));

    /// <summary>The estimate of a vector from the images of those that leave out orthonormal parts of Q's span.</summary>
    private double Estimate(int i, params ReadOnlySpan<Vector<double>> without)
    {
        var (trace, w) = (_trace, W.Column(i));
        var c = w.Clone();
        foreach (var s in without)
        {
            trace -= s * (H * s);
            c -= s * (s * w);
        }

        var bent = forms[i] - (2 * (c * R.Column(i))) + (c * (H * c));
        return trace + ((n - Count + without.Length) * bent / (squares[i] - (c * c)));
    }
}
