using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Contract;

/// <summary>What a judge found in the runs of a figure about one claim. <see cref="Judge"/> makes findings.</summary>
/// <param name="Evidence">What the runs say.</param>
/// <param name="Reason">What was measured, a sentence without its full stop.</param>
/// <param name="Seeds">How many seeds the numbers rest on: the fewest of any level.</param>
/// <param name="Statistics">The numbers that the evidence follows from.</param>
public sealed record Finding(Evidence Evidence, string Reason, int Seeds, params IReadOnlyList<Fact> Statistics)
{
    /// <summary>Whether the runs aren't such as the claim is about, so that they say nothing of it.</summary>
    public bool PremiseFails { get; init; }

    /// <summary>
    /// The same, if the runs are such as the claim is about. A claim about networks that fit their data, say, is not judged on
    /// networks that don't.
    /// </summary>
    /// <param name="holds">Whether the premise holds.</param>
    /// <param name="reason">What was found of the premise, with its number, a sentence without its full stop.</param>
    public Finding If(bool holds, string reason) => holds
        ? this
        : this with
        {
            Evidence = Evidence.None with { IsTest = Evidence.IsTest },
            PremiseFails = true,
            Reason = $"The premise fails: {reason}. {Reason}",
        };
}
