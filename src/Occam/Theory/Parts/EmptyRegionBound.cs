using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Theory.Parts;

/// <summary>
/// The bound of Theorem 2 of Loukas et al. 2021 on the Lipschitz constant far from the training data:
/// (1+γ) β ξ min ‖a ⊙ φ_T‖_1 subject to s(x) = S_T a. T is an epoch at each of the snapshots, whose weights are what they
/// are: φ_T is ‖∂f/∂b_1‖, γ how much λ varies between snapshots at a training point, ξ = 0.25/(μ(1 − μ)) with a sigmoid.
/// </summary>
public sealed class EmptyRegionBound
{
    private readonly HiddenActivations _activations;
    private readonly PathActivations _paths;
    private readonly RowBits[] _rows;
    private readonly RowReduction _reduction;
    private readonly double[] _phi;

    private EmptyRegionBound(HiddenActivations activations, PathActivations paths, RowBits[] rows, double[] phi, double factor)
    {
        (_activations, _paths, _rows, _phi, Factor) = (activations, paths, rows, phi, factor);
        _reduction =
            new RowReduction(rows.Select(row => Enumerable.Range(0, paths.Columns).Select(column => row[column] ? 1.0 : 0).ToArray()));
    }

    /// <summary>(1+γ) β ξ.</summary>
    public double Factor { get; }

    /// <summary>The hypotheses as they were measured.</summary>
    public required ImmutableArray<Hypothesis> Hypotheses { get; init; }

    /// <summary>The different patterns of the training points.</summary>
    public int Columns => _paths.Columns;

    /// <summary>The different rows of S_T that aren't 0.</summary>
    public int Rows => _rows.Length;

    /// <summary>The rank of S_T.</summary>
    public int Rank => _reduction.Independent.Count;

    /// <summary>Prepares the programs.</summary>
    /// <param name="context">The network, the training data, and the snapshots of the run where there is one.</param>
    /// <param name="why">Why the theorem isn't applicable, where it isn't.</param>
    /// <returns>Null where it isn't applicable.</returns>
    public static EmptyRegionBound? Of(TheoryContext context, out string? why)
    {
        why = context.Missing(TheoremNeeds.OneOutput | TheoremNeeds.PiecewiseLinear | TheoremNeeds.FirstLayer)
            ?? HiddenActivations.Problem(context.Network);
        if (why is not null)
        {
            return null;
        }

        var assumption = ConsistentLearning.Of(context);
        if (!assumption.PatternsStay)
        {
            why = $"Assumption 1 doesn't hold: {assumption.Changed} training points change their activations between the "
                + $"{context.Snapshots.Length} snapshots";
            return null;
        }

        // Of points with the same pattern the program would only ever take the one with the smallest step.
        var columns = assumption.Patterns.Select((pattern, i) => (pattern, phi: assumption.SmallestSteps[i]))
            .GroupBy(pair => string.Concat(pair.pattern.SelectMany(layer => layer).Select(on => on ? '1' : '0')))
            .Select(group => (group.First().pattern, group.Min(pair => pair.phi)))
            .ToArray();
        var paths = PathActivations.Of([.. columns.Select(column => column.pattern)]);
        if (paths.Rows() is not { } rows)
        {
            why =
                $"the paths through the hidden units have too many different activations ({paths.Units} units, {columns.Length} patterns)";
            return null;
        }

        var (xi, beta, gamma) = (assumption.Xi, assumption.Beta, assumption.Gamma);
        return new EmptyRegionBound(
            HiddenActivations.Of(context.Network), paths, rows, [.. columns.Select(column => column.Item2)], (1 + gamma) * beta * xi)
        {
            Hypotheses = assumption.Hypotheses(context),
        };
    }

    /// <summary>The bound at each input; infinite where the theorem says nothing, because S_T a can't be s(x).</summary>
    /// <param name="inputs">Inputs × example, in float64.</param>
    public double[] At(Tensor inputs)
    {
        var count = (int)inputs.Size(0);
        var layers = _activations.At(inputs);
        return [.. Enumerable
            .Range(0, count)
            .Select(i => At(Array.ConvertAll(layers, layer => layer.AsSpan(i * (layer.Length / count), layer.Length / count).ToArray())))];
    }

    private double At(bool[][] on)
    {
        if (_paths.At(on) is not { } values || _reduction.RightSide([.. _rows.Select(row => values[row] ? 1.0 : 0)]) is not { } right)
        {
            return double.PositiveInfinity;
        }

        // a = a⁺ − a⁻ with both at least 0.
        var (rows, columns) = (_reduction.Independent, _phi.Length);
        var matrix = new double[rows.Count, 2 * columns];
        for (var i = 0; i < rows.Count; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                (matrix[i, j], matrix[i, columns + j]) = (rows[i][j], -rows[i][j]);
            }
        }

        double[] costs = [.. _phi, .. _phi];
        return LinearProgram.Solve(costs, matrix, right) is { } a
            ? Factor * a.Zip(costs, (part, cost) => part * cost).Sum()
            : double.PositiveInfinity;
    }
}
