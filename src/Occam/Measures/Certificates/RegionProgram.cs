using System.Collections.Immutable;
using Google.OrTools.LinearSolver;

namespace Occam.Measures.Certificates;

/// <summary>A half-space a·x + b ≥ 0, with a of length 1.</summary>
internal readonly record struct HalfSpace(double[] Normal, double Offset);

/// <summary>The largest ball in a region of half-spaces (its Chebyshev centre), by GLOP, the simplex method of OR-Tools.</summary>
internal static class RegionProgram
{
    /// <summary>A ball of this radius is as large as any: regions may be unbounded.</summary>
    public const double MostRadius = 1;

    /// <summary>The centre and radius of the largest ball; a negative radius where there is no region. Null where GLOP gives up.</summary>
    /// <param name="inputs">How many dimensions there are.</param>
    /// <param name="region">The half-spaces.</param>
    public static (double[] Centre, double Radius)? LargestBall(int inputs, ImmutableList<HalfSpace> region)
    {
        using var solver = Solver.CreateSolver("GLOP");
        var x = solver.MakeNumVarArray(inputs, double.NegativeInfinity, double.PositiveInfinity);
        var radius = solver.MakeNumVar(double.NegativeInfinity, MostRadius, "");
        solver.Objective().SetCoefficient(radius, 1);
        solver.Objective().SetMaximization();
        foreach (var (normal, offset) in region)
        {
            var row = solver.MakeConstraint(-offset, double.PositiveInfinity);
            row.SetCoefficient(radius, -1);
            for (var i = 0; i < inputs; i++)
            {
                if (normal[i] != 0)
                {
                    row.SetCoefficient(x[i], normal[i]);
                }
            }
        }

        return solver.Solve() == Solver.ResultStatus.OPTIMAL
            ? (Array.ConvertAll(x, part => part.SolutionValue()), radius.SolutionValue())
            : null;
    }
}
