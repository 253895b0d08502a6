using System.Collections.Immutable;
using Occam.Derivatives;

namespace Occam.Theory.Parts;

/// <summary>
/// A training with ½-dropout as Lemma 3 and Theorem 3 of Loukas et al. 2021 see it: their hypotheses, measured, and the bound on the
/// global Lipschitz constant that follows from how steadily the first bias moved. T is the last tenth of the steps
/// (<see cref="RecordedRun.Last"/>). Units that are on at no training point are left out, as the paper suggests: they count neither
/// in p_min nor in Σ n_l.
/// </summary>
internal sealed record DropoutSteadiness
{
    /// <summary>The hypotheses as they were measured.</summary>
    public required ImmutableArray<Hypothesis> Hypotheses { get; init; }

    /// <summary>φ: the largest normalized step of b_1 over T, with units switched off.</summary>
    public required double Phi { get; init; }

    /// <summary>γ: by how much λ varies at a training point over T, at most.</summary>
    public required double Gamma { get; init; }

    /// <summary>β: the largest σ_1(W_1) over T.</summary>
    public required double Beta { get; init; }

    /// <summary>μ: the least distance of f from 0 and 1 at the training points over T; NaN without a sigmoid.</summary>
    public required double Mu { get; init; }

    /// <summary>p_min: the share of the training points at which the unit that is seldomest on is on, before dropout.</summary>
    public required double LeastActive { get; init; }

    /// <summary>p_avg: that share as a mean over the units.</summary>
    public required double MeanActive { get; init; }

    /// <summary>Σ n_l over the hidden layers.</summary>
    public required int Units { get; init; }

    /// <summary>|T|, in steps.</summary>
    public required long Steps { get; init; }

    /// <summary>The most units on at one training point.</summary>
    public required int MostActive { get; init; }

    /// <summary>
    /// Whether the dropout is the paper's, after the forward pass; otherwise it is the usual one, for which nothing is proved.
    /// </summary>
    public required bool IsAfterForward { get; init; }

    /// <summary>ξ = 0.25/(μ(1 − μ)) with a sigmoid, 1 without.</summary>
    public double Xi => double.IsNaN(Mu) ? 1 : 0.25 / (Mu * (1 - Mu));

    /// <summary>c = (1+γ) β/(μ(1 − μ) p_min) of Theorem 3, o(1) left out; without a sigmoid 4 times Lemma 3's.</summary>
    public double C => 4 * (1 + Gamma) * Beta * Xi / LeastActive;

    /// <summary>λ_steady = (c φ/4) ln Σ n_l as printed, with o(1) = 0.</summary>
    public double Lipschitz => C * Phi * Math.Log(Units) / 4;

    /// <summary>|T| as the lemma asks for, p_avg/p_min² Σ n_l: what Ω̃ hides, a constant and logarithms, taken as 1.</summary>
    public double StepsAsStated => MeanActive / (LeastActive * LeastActive) * Units;

    /// <summary>Why nothing follows: the first hypothesis that doesn't hold; null where none is known not to.</summary>
    public string? Broken =>
        Hypotheses.FirstOrDefault(hypothesis => hypothesis.Holds == false) is { } broken ? $"{broken.Name}: {broken.Finding}" : null;

    /// <summary>
    /// k, so many training points as cover all units with probability 1 − δ by the union bound of the proof: ln(Σ n_l/δ)/p_min.
    /// </summary>
    public double CoveringPoints(double delta) => Math.Ceiling(Math.Log(Units / delta) / LeastActive);

    /// <summary>The bound that the proof has before its asymptotics, k (1+γ) β ξ φ: λ_steady with its o(1).</summary>
    public double LipschitzOfProof(double delta) => CoveringPoints(delta) * (1 + Gamma) * Beta * Xi * Phi;

    /// <summary>
    /// log₂ of the |T| at which the proof's own probability that dropout yields a basis, p_cover 2^{−(k m + c √(k/2) + 1)} for k steps,
    /// comes to 1 − δ over ⌊|T|/k⌋ tries, m and c the mean and most units on at a training point. The proof raises the probability of
    /// success to that power where it is that of failure, and so comes to far fewer steps.
    /// </summary>
    public double StepsOfProofLog2(double delta)
    {
        var k = CoveringPoints(delta);
        return Math.Log2(k * Math.Log(1 / delta) / (1 - delta)) + (k * MeanActive * Units) + (MostActive * Math.Sqrt(k / 2)) + 1;
    }

    /// <summary>Measures it.</summary>
    /// <param name="context">The network at the end of a recorded training, its data, the record with its snapshots.</param>
    /// <param name="why">Why the lemma isn't about this network, where it isn't.</param>
    /// <returns>Null where it isn't.</returns>
    public static DropoutSteadiness? Of(TheoryContext context, out string? why)
    {
        why = context.Missing(TheoremNeeds.OneOutput | TheoremNeeds.PiecewiseLinear | TheoremNeeds.FirstLayer | TheoremNeeds.Run)
            ?? HiddenActivations.Problem(context.Network)
            ?? (context.Run!.Windows.IsEmpty ? "is about the last steps of a training, and no step was recorded" : null)
            ?? (HiddenActivations.Of(context.Network).Layers == 0 ? "is about hidden units, and the network has none" : null);
        return why is null ? Measure(context) : null;
    }

    private static DropoutSteadiness Measure(TheoryContext context)
    {
        var (run, assumption) = (context.Run!, ConsistentLearning.Of(context));
        double[] shares = [.. Enumerable.Range(0, assumption.Patterns[0].Length).SelectMany(layer =>
            Enumerable.Range(0, assumption.Patterns[0][layer].Length)
                .Select(unit => assumption.Patterns.Count(pattern => pattern[layer][unit]) / (double)assumption.Patterns.Count))];
        double[] live = [.. shares.Where(share => share > 0)];
        var found = new DropoutSteadiness
        {
            Hypotheses = [],
            Phi = run.Last.Max(window => window.Longest),
            Gamma = assumption.Gamma,
            Beta = assumption.Beta,
            Mu = assumption.Mu,
            LeastActive = live.DefaultIfEmpty(0).Min(),
            MeanActive = live.DefaultIfEmpty(0).Average(),
            Units = live.Length,
            Steps = run.Last.Sum(window => window.To - window.From),
            MostActive = assumption.Patterns.Max(pattern => pattern.Sum(layer => layer.Count(on => on))),
            IsAfterForward = run.Settings.DropoutAfterForward,
        };
        return found with { Hypotheses = [.. found.Measured(context, run, assumption, shares.Length - live.Length)] };
    }

    private IEnumerable<Hypothesis> Measured(TheoryContext context, RecordedRun run, ConsistentLearning assumption, int dead)
    {
        var dropout = context.Snapshots.Select(HalfDropout.Problem).FirstOrDefault(problem => problem is not null);
        yield return new("½-dropout", dropout is null, dropout
            ?? (IsAfterForward ? "after the forward pass, as in the paper" : "in the forward pass, the usual one"));
        var plain = Plain(context, run);
        yield return new("plain SGD, an example a step", plain is null, plain ?? "as recorded");
        yield return new("(τ, φ)-steady", double.IsFinite(Phi), $"φ = {Phi:G6} from step {run.Last[0].From} on");

        // One network tells nothing of what changed between the steps of T.
        var count = run.Snapshots.Length;
        bool? Seen(bool holds) => !holds ? false : count > 1 ? true : null;
        var over = count > 1 ? $"over {count} snapshots" : "only the last network is known";
        yield return new(
            "(a) Assumption 1: activations at training points stay", Seen(assumption.PatternsStay),
            $"{assumption.Changed} of {assumption.Patterns.Count} points change, {over}");
        yield return new("(a) Assumption 1: λ varies by 1 + γ", Seen(double.IsFinite(Gamma)), $"γ = {Gamma:G4}, {over}");
        yield return PathsHypothesis.Of(context, assumption);
        var weight = FirstWeights.Of(context.Network)?.Weight;
        var stays = weight is null || run.Settings.IsFrozen(weight);
        yield return new(
            "(c) σ₁(W₁) ≤ β", stays ? double.IsFinite(Beta) : Seen(double.IsFinite(Beta)), $"β = {Beta:G6}, {(stays ? "W₁ stays" : over)}");
        if (!double.IsNaN(Mu))
        {
            yield return new("(d) f ∈ [μ, 1 − μ] at training points", Seen(Mu > 0), $"μ = {Mu:G4}, {over}");
        }

        yield return new(
            "every unit is on somewhere: p_min > 0", Units > 0,
            $"p_min = {LeastActive:G4}{(dead > 0 ? $", without {dead} units that are on at no training point" : "")}");
        yield return new(
            "|T| ≥ p_avg/p_min² Σ n_l, for the constant and the logarithms that Ω̃ hides left out", Steps >= StepsAsStated,
            $"|T| = {Steps} steps, {StepsAsStated:G4} needed");
    }

    private static string? Plain(TheoryContext context, RecordedRun run) =>
        !run.Settings.Optimizer.IsPlain ? "the optimizer is another"
        : run.Settings.BatchSize != 1 && context.Data.Count > 1 ? $"steps are of {run.Settings.BatchSize ?? context.Data.Count} examples"
        : run.Settings.Regularizers.Any(regularizer => regularizer.Strength > 0) ? "the loss has a penalty"
        : null;
}
