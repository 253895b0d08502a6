namespace Occam.Networks.Operators;

/// <summary>
/// A Lipschitz bound of softmax(c Q Kᵀ + M) V where queries, keys and values are bounded. Attention has none where they aren't (Kim,
/// Papamakarios and Mnih 2021, Theorem 3.1).
/// <para>
/// With P the softmax, row i of the differential is Σ_j P_ij dv_j + Σ_j P_ij ds_ij (v_j − v̄_i), where v̄_i = Σ_j P_ij v_j and
/// ds_ij = c (k_j·dq_i + q_i·dk_j) + dm_ij. The rows of P sum to 1 and its n entries in a column to at most n, so ‖P‖ ≤ √n. The second sum
/// is a covariance under P_i, at most the product of two standard deviations: of v_j along a direction, at most R_V, and of
/// ds_ij, at most R_K ‖dq_i‖, R_Q √(Σ_j P_ij ‖dk_j‖²) and ‖dm_i‖. Summed over the rows:
/// L ≤ √n L_V + |c| R_K R_V L_Q + |c| √n R_Q R_V L_K + R_V L_M.
/// </para>
/// Of self-attention on tokens x_i no longer than R, with A the product of the query and key matrices, that is
/// ‖V‖ (√n + ‖A‖ R² (1 + √n)), never more than the bound √3 ‖V‖ √(‖A‖² R⁴ (4n + 1) + n) of Castin, Ablin and Peyré 2024, "How smooth is
/// attention?".
/// </summary>
internal static class AttentionBound
{
    /// <summary>Why there is no bound where nothing bounds the inputs.</summary>
    public const string WhyNone =
        "attention is not Lipschitz where its inputs can be of any size (Kim, Papamakarios and Mnih 2021, Theorem 3.1), and nothing before "
            + "it bounds them";

    /// <summary>One of attention's inputs.</summary>
    /// <param name="Lipschitz">L, its bound as a function of the network's input; 0 where it doesn't depend on it.</param>
    /// <param name="Radius">R, what a query, key or value is long at most; infinite where that isn't bounded.</param>
    /// <param name="Copies">How many of its copies are used, where several heads share it.</param>
    internal readonly record struct Part(double Lipschitz, double Radius, double Copies = 1)
    {
        public double Spread => Lipschitz * Math.Sqrt(Copies);
    }

    /// <summary>The bound; null where what it needs isn't bounded.</summary>
    /// <param name="scale">c.</param>
    /// <param name="n">The number of queries.</param>
    /// <param name="queries">Q.</param>
    /// <param name="keys">K.</param>
    /// <param name="values">V.</param>
    /// <param name="mask">L_M, of what is added to the scores.</param>
    public static double? Of(double scale, long n, Part queries, Part keys, Part values, double mask = 0)
    {
        double Term(double spread, params ReadOnlySpan<double> factors)
        {
            var term = spread;
            foreach (var factor in factors)
            {
                term = spread == 0 ? 0 : term * factor;
            }

            return term;
        }

        var (c, root) = (Math.Abs(scale), Math.Sqrt(n));
        var bound = Term(values.Spread, root)
            + Term(queries.Spread, c, keys.Radius, values.Radius)
            + Term(keys.Spread, c, root, queries.Radius, values.Radius)
            + Term(mask, values.Radius);
        return double.IsFinite(bound) ? bound : null;
    }
}
