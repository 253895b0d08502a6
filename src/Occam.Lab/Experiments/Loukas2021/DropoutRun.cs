using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Theory;
using Occam.Theory.Parts;

namespace Occam.Lab.Experiments.Loukas2021;

/// <summary>A training with ½-dropout, and both sides of Theorem 3.</summary>
/// <param name="Group">How it was trained.</param>
/// <param name="Level">0 where the learning rate decays, 1 where it stays.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Phi">φ: the largest normalized step of b_1 over the last tenth of the steps.</param>
/// <param name="Lipschitz">λ_f.</param>
/// <param name="Steady">λ_steady as printed, with o(1) = 0.</param>
/// <param name="TrainingError">The share of training points classified wrongly.</param>
/// <param name="TestError">The share of test points.</param>
/// <param name="Bound">The bound on the difference of both shares: what it would be where a hypothesis doesn't hold.</param>
/// <param name="Broken">The hypotheses of the theorem that don't hold.</param>
internal sealed record DropoutRun(
    string Group, double Level, int Seed, double Phi, double Lipschitz, double Steady, double TrainingError, double TestError, double Bound,
    ImmutableArray<string> Broken) : ISeededRun
{
    /// <summary>Whether the theorem is about it.</summary>
    public bool IsCovered => Broken.IsEmpty;

    /// <summary>|er_emp − er_exp|, with test data in place of the expectation.</summary>
    public double Gap => Math.Abs(TrainingError - TestError);

    internal static DropoutRun Of(string group, double level, int seed, TheoryContext context)
    {
        var steadiness = DropoutSteadiness.Of(context, out var why);
        if (steadiness is null || (why = BinaryClassifier.Problem(context)) is not null)
        {
            throw new OccamException($"Theorem 3 isn't about this: {why}");
        }

        var bound = GeneralizationBound.Of(context);
        return new DropoutRun(
            group, level, seed, steadiness.Phi, LargestLipschitz.Of(context).Value, steadiness.Lipschitz, bound.Training.ErrorShare,
            bound.Test!.ErrorShare, bound.Right(bound.InBox(bound.Radius(steadiness.LipschitzOfProof(context.Options.Delta)))),
            [.. steadiness.Hypotheses.Where(hypothesis => hypothesis.Holds == false).Select(hypothesis => hypothesis.Name)]);
    }
}
