using Google.OrTools.LinearSolver;

namespace Occam.Theory.Parts;

/// <summary>
/// The linear programs of Theorem 2, by GLOP, the simplex method of OR-Tools, whose native library is loaded for the first one.
/// </summary>
internal static class LinearProgram
{
    // The entries are 0, 1 and −1 up to rounding: scaling would only blow up the rounding errors, and GLOP then gives up. Costs are
    // not negative, so that the dual simplex begins at a feasible point.
    private const string Parameters = "use_scaling: false use_preprocessing: false use_dual_simplex: true";

    /// <summary>min cᵀx subject to A x = b, x ≥ 0.</summary>
    /// <param name="costs">c, not negative.</param>
    /// <param name="matrix">A, rows × columns.</param>
    /// <param name="right">b.</param>
    /// <returns>x; null where no x satisfies the constraints.</returns>
    /// <exception cref="OccamException">The solver gave up.</exception>
    public static double[]? Solve(ReadOnlySpan<double> costs, double[,] matrix, ReadOnlySpan<double> right)
    {
        using var solver = Solver.CreateSolver("GLOP");
        if (!solver.SetSolverSpecificParametersAsString(Parameters))
        {
            throw new OccamException($"GLOP doesn't know its parameters: {Parameters}");
        }

        var x = solver.MakeNumVarArray(costs.Length, 0, double.PositiveInfinity);
        var objective = solver.Objective();
        for (var j = 0; j < x.Length; j++)
        {
            objective.SetCoefficient(x[j], costs[j]);
        }

        for (var i = 0; i < right.Length; i++)
        {
            var row = solver.MakeConstraint(right[i], right[i]);
            for (var j = 0; j < x.Length; j++)
            {
                if (matrix[i, j] != 0)
                {
                    row.SetCoefficient(x[j], matrix[i, j]);
                }
            }
        }

        return solver.Solve() switch
        {
            Solver.ResultStatus.OPTIMAL => Array.ConvertAll(x, part => part.SolutionValue()),
            Solver.ResultStatus.INFEASIBLE => null,
            var status => throw new OccamException(
                $"GLOP gave up on a linear program of {right.Length} rows and {x.Length} columns ({status})"),
        };
    }
}
