using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Theory.Parts;

/// <summary>
/// The bound of Theorem 2 of Loukas et al. 2021 on the Lipschitz constant far from the training data:
/// (1+γ) β ξ min ‖a ⊙ φ_T‖_1 subject to s(x) = S_T a. T is an epoch at each of the snapshots, whose weights are what they
/// are: φ_T is ‖∂f/∂b_1‖, γ how much λ varies between snapshots at a training point, ξ = 0.25/(μ(1 − μ)) with a sigmoid.
/// </summary>
internal sealed class EmptyRegionBound
{
    private readonly HiddenActivations _activations;
    private readonly PatternCombinations _combinations;
    private readonly double[] _phi;

    private EmptyRegionBound(HiddenActivations activations, PatternCombinations combinations, double[] phi, double factor)
    {
        (_activations, _combinations, _phi, Factor) = (activations, combinations, phi, factor);
    }

    /// <summary>(1+γ) β ξ.</summary>
    public double Factor { get; }

    /// <summary>The hypotheses as they were measured.</summary>
    public required ImmutableArray<Hypothesis> Hypotheses { get; init; }

    /// <summary>The different patterns of the training points.</summary>
    public int Columns => _phi.Length;

    /// <summary>The different rows of S_T that aren't 0.</summary>
    public int Rows => _combinations.Rows;

    /// <summary>The rank of S_T.</summary>
    public int Rank => _combinations.Rank;

    /// <summary>Prepares the programs.</summary>
    /// <param name="context">The network, the training data, and the snapshots of the run where there is one.</param>
    /// <param name="why">Why the theorem isn't applicable, where it isn't.</param>
    /// <returns>Null where it isn't applicable.</returns>
    public static EmptyRegionBound? Of(TheoryContext context, out string? why)
    {
        why = context.Missing(TheoremNeeds.OneOutput | TheoremNeeds.PiecewiseLinear | TheoremNeeds.FirstLayer)
            ?? HiddenActivations.Problem(context.Network);
        if (why is not null || PatternCombinations.Of(context, out why) is not { } combinations)
        {
            return null;
        }

        // Of points with the same pattern the program would only ever take the one with the smallest step.
        var assumption = ConsistentLearning.Of(context);
        double[] phi = [.. combinations.Points.Select(points => points.Min(i => assumption.SmallestSteps[i]))];
        var factor = (1 + assumption.Gamma) * assumption.Beta * assumption.Xi;
        return new EmptyRegionBound(HiddenActivations.Of(context.Network), combinations, phi, factor)
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

    private double At(bool[][] on) =>
        _combinations.Solve(on, _phi) is { } a
            ? Factor * a.Zip(_phi, (part, phi) => Math.Abs(part) * phi).Sum()
            : double.PositiveInfinity;
}
