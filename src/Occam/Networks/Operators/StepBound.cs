namespace Occam.Networks.Operators;

/// <summary>
/// How far a step can carry changes: the changes of the states are at most A times that of the step's input plus B times those of the
/// states before. Norms are those of the blocks of weights, gate by gate.
/// </summary>
/// <param name="FromInput">A, a number a state.</param>
/// <param name="FromStates">B, a row for each state after the step and a column for each before.</param>
internal sealed record StepBound(double[] FromInput, double[][] FromStates)
{
    /// <summary>A Lipschitz bound of all states over all steps, as a function of all inputs.</summary>
    /// <param name="steps">The bounds of each step.</param>
    /// <remarks>
    /// The change of state i at step t is at most Σ_s H_ts |δx_s|, with H_ts = (B_t … B_{s+1} A_s)_i. The norm of H is at most the root
    /// of its largest column sum times its largest row sum.
    /// </remarks>
    public static double Over(IReadOnlyList<StepBound> steps)
    {
        var states = steps[0].FromInput.Length;
        var rows = new double[states, steps.Count];
        var largestColumn = new double[states];
        for (var s = 0; s < steps.Count; s++)
        {
            var change = steps[s].FromInput;
            var column = new double[states];
            for (var t = s; t < steps.Count; t++)
            {
                change = t == s ? change : [.. steps[t].FromStates.Select(row => row.Zip(change, (b, c) => b * c).Sum())];
                for (var i = 0; i < states; i++)
                {
                    rows[i, t] += change[i];
                    column[i] += change[i];
                }
            }

            for (var i = 0; i < states; i++)
            {
                largestColumn[i] = Math.Max(largestColumn[i], column[i]);
            }
        }

        return Enumerable.Range(0, states).Max(i =>
            Math.Sqrt(largestColumn[i] * Enumerable.Range(0, steps.Count).Max(t => rows[i, t])));
    }
}
