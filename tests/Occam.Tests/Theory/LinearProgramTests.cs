using MathNet.Numerics.LinearAlgebra;
using Occam.Theory.Parts;
using Xunit;

namespace Occam.Tests.Theory;

/// <summary>
/// Programs as Theorem 2 of Loukas et al. 2021 makes them: which units of a random layer are on at random points, equations that follow
/// from others left out. Many are degenerate. Were GLOP to scale them, it would give up on 6 of the 150 of points in 10 dimensions, and on
/// 11 of those in 5.
/// </summary>
public sealed class LinearProgramTests
{
    private const int Programs = 5;

    [Theory]
    [InlineData(10, 40, 162)]
    [InlineData(5, 40, 162)]
    public void Programs_of_patterns_are_solved_and_prices_prove_it(int inputs, int units, int points)
    {
        var proved = 0;
        foreach (var seed in Enumerable.Range(0, 30))
        {
            var random = new SeededRandom(seed);
            double[][] layer = [.. Enumerable.Range(0, units).Select(_ => Gaussian(inputs + 1))];
            double[][] patterns = [.. Enumerable.Range(0, points).Select(_ => Pattern()).DistinctBy(on => string.Join(' ', on))];
            double[] costs = [.. patterns.Select(_ => Math.Exp(random.NextGaussian()))];
            var reduction = new RowReduction(Enumerable.Range(0, units).Select(unit => Array.ConvertAll(patterns, on => on[unit])));
            var matrix = Matrix<double>.Build.DenseOfRows(reduction.Independent);
            matrix = matrix.Append(-matrix);
            costs = [.. costs, .. costs];
            for (var program = 0; program < Programs; program++)
            {
                if (reduction.RightSide(Pattern()) is { } right)
                {
                    var x = LinearProgram.Solve(costs, matrix.ToArray(), right)!;
                    Assert.All(x, part => Assert.True(part >= 0));
                    Assert.InRange(((matrix * Vector<double>.Build.Dense(x)) - Vector<double>.Build.Dense(right)).InfinityNorm(), 0, 1e-11);
                    proved += IsCheapest(x, costs, matrix) ? 1 : 0;
                }
            }

            double[] Gaussian(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextGaussian())];
            double[] Pattern()
            {
                double[] point = [.. Gaussian(inputs), 1];
                return Array.ConvertAll(layer, unit => unit.Zip(point, (weight, value) => weight * value).Sum() > 0 ? 1.0 : 0);
            }
        }

        Assert.InRange(proved, 10, int.MaxValue);
    }

    // Where as many parts aren't 0 as there are rows, the prices y with yᵀA = c there are the only ones, and x is cheapest where
    // yᵀA ≤ c everywhere; with fewer parts there are many prices, and nothing is asked.
    private static bool IsCheapest(double[] x, double[] costs, Matrix<double> matrix)
    {
        int[] basis = [.. Enumerable.Range(0, x.Length).Where(j => x[j] > 1e-9)];
        if (basis.Length < matrix.RowCount)
        {
            return false;
        }

        var columns = Matrix<double>.Build.DenseOfColumnVectors(basis.Select(matrix.Column));
        var prices = columns.Transpose().Solve(Vector<double>.Build.Dense(Array.ConvertAll(basis, j => costs[j])));
        Assert.All((prices * matrix).Zip(costs), pair => Assert.True(pair.First <= pair.Second + 1e-6));
        return true;
    }
}
