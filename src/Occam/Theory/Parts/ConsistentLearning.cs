using System.Collections.Immutable;

namespace Occam.Theory.Parts;

/// <summary>
/// Assumption 1 of Loukas et al. 2021, measured on the snapshots of an interval T at every training point: the activations
/// stay the same, and λ varies by no more than a factor 1 + γ. With one snapshot T is one epoch at vanishing learning rate,
/// and the assumption holds with γ = 0.
/// </summary>
internal sealed record ConsistentLearning
{
    /// <summary>For each training point, for each hidden layer, which units are on in the network under test.</summary>
    public required IReadOnlyList<bool[][]> Patterns { get; init; }

    /// <summary>How many training points change their pattern from one snapshot to another.</summary>
    public required int Changed { get; init; }

    /// <summary>The least γ.</summary>
    public required double Gamma { get; init; }

    /// <summary>The largest σ_1(W_1) of the snapshots.</summary>
    public required double Beta { get; init; }

    /// <summary>The smallest λ at each training point over the snapshots.</summary>
    public required double[] SmallestLipschitz { get; init; }

    /// <summary>The smallest normalized step on each training point over the snapshots.</summary>
    public required double[] SmallestSteps { get; init; }

    /// <summary>The largest normalized step of all.</summary>
    public required double LargestStep { get; init; }

    /// <summary>The least distance of f from 0 and 1 over training points and snapshots, with a sigmoid; NaN without.</summary>
    public required double Mu { get; init; }

    /// <summary>Whether no pattern changes.</summary>
    public bool PatternsStay => Changed == 0;

    /// <summary>0.25/(μ(1 − μ)) with a sigmoid, 1 without.</summary>
    public double Xi => double.IsNaN(Mu) ? 1 : 0.25 / (Mu * (1 - Mu));

    /// <summary>Measures it.</summary>
    public static ConsistentLearning Of(TheoryContext context) => context.Measures.Shared(() => Measure(context));

    /// <summary>What was found, as hypotheses.</summary>
    public ImmutableArray<Hypothesis> Hypotheses(TheoryContext context)
    {
        var count = context.Snapshots.Length;
        var over = count == 1 ? "one epoch at the weights as they are" : $"{count} snapshots";
        return
        [
            new("Assumption 1: activations at training points stay", PatternsStay,
                $"{Changed} of {Patterns.Count} points change over {over}"),
            new("Assumption 1: λ varies by 1 + γ", double.IsFinite(Gamma), $"γ = {Gamma:G4}"),
            new("σ₁(W₁) ≤ β", double.IsFinite(Beta), $"β = {Beta:G6}"),
            .. double.IsNaN(Mu) ? ImmutableArray<Hypothesis>.Empty : [new("f ∈ [μ, 1 − μ] at training points", Mu > 0, $"μ = {Mu:G4}")],
        ];
    }

    private static ConsistentLearning Measure(TheoryContext context)
    {
        var snapshots = context.Snapshots;
        FirstLayerGradients[] found = [.. snapshots.Select(
            (network, i) => i == snapshots.Length - 1 ? FirstLayerGradients.Of(context) : FirstLayerGradients.Of(context, network))];
        var patterns = snapshots.Select(network => PatternsOf(context, network)).ToArray();
        var count = context.Data.Count;
        bool Changes(int i) =>
            patterns.Any(other => !other[i].Zip(patterns[^1][i]).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)));
        double Ratio(int i) =>
            found.Max(each => each.Lipschitz[i]) is > 0 and var largest ? largest / found.Min(each => each.Lipschitz[i]) : 1;
        return new ConsistentLearning
        {
            Patterns = patterns[^1],
            Changed = Enumerable.Range(0, count).Count(Changes),
            Gamma = Enumerable.Range(0, count).Max(Ratio) - 1,
            Beta = found.Max(each => each.Layer.Largest),
            SmallestLipschitz = [.. Enumerable.Range(0, count).Select(i => found.Min(each => each.Lipschitz[i]))],
            SmallestSteps = [.. Enumerable.Range(0, count).Select(i => found.Min(each => each.BiasSteps[i]))],
            LargestStep = found.Max(each => each.BiasSteps.Max()),
            Mu = context.HasSigmoid ? found.Min(each => each.Outputs.Min(f => Math.Min(f, 1 - f))) : double.NaN,
        };
    }

    private static bool[][][] PatternsOf(TheoryContext context, Networks.Network network)
    {
        var activations = HiddenActivations.Of(network);
        var patterns = new bool[context.Data.Count][][];
        foreach (var (x, start) in context.Measures.Batches())
        {
            var size = (int)x.Size(0);
            var layers = activations.At(x);
            for (var i = 0; i < size; i++)
            {
                patterns[start + i] =
                    Array.ConvertAll(layers, layer => layer.AsSpan(i * (layer.Length / size), layer.Length / size).ToArray());
            }
        }

        return patterns;
    }
}
