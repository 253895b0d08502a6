using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;

namespace Occam.Lab.Explaining.Pages;

/// <summary>Which mechanism held the complexity down.</summary>
internal static class MechanismSection
{
    public static Section? Of(Explanation explanation)
    {
        if (explanation.Mechanisms is not { } mechanisms)
        {
            return null;
        }

        RichText last = mechanisms.LastLearningRate == mechanisms.LearningRate
            ? ""
            : RichText.Html($" (its last step had {mechanisms.LastLearningRate})");
        Block?[] blocks =
        [
            new Prose(
                RichText.Html(
                    $"Taken {explanation.Moment}, over {Many(mechanisms)}, at the run’s mean learning rate of <var>h</var> = ",
                    $"{mechanisms.LearningRate}{last}; strengths, too, are means over the run. A step of size <var>h</var> on a batch ",
                    $"follows not the loss alone but the loss + (<var>h</var>/4)‖∇<sub>θ</sub><var>L</var>‖²: that is the learning rate’s ",
                    $"own, implicit regularization, weighed here like the explicit ones.")),
            Effects(mechanisms),
            Pulls(mechanisms),
            new Prose("The pull is the length of the gradient, strength included; its share is of all these lengths. A small pull that "
                + "points the right way can do more than a large one: the last column tells."),
            mechanisms.Implicit is { } terms ? Implicit(terms) : null,
            mechanisms.WithoutGradient.IsEmpty ? null : new Note("Also at work, but without a gradient of their own that could "
                + $"be weighed: {string.Join("; ", mechanisms.WithoutGradient)}."),
            .. mechanisms.Notes.Select(note => new Note(note)),
        ];
        return new Section("What held it down", [.. blocks.OfType<Block>()]);
    }

    private static string Many(Mechanisms mechanisms) => mechanisms.IsWhole
        ? $"all {mechanisms.Batch} training examples, which "
            + $"are the batch{(mechanisms.Batches > 1 ? $" ({mechanisms.Batches} times, for what is random in a step)" : "")}"
        : $"{mechanisms.Batches} random batches of {mechanisms.Batch} training examples";

    private static Chart Effects(Mechanisms mechanisms) => new(
        "What a step does to the geometric complexity",
        new Axis("change of the geometric complexity in one step"),
        new Axis("", Scale.Category),
        new Bars([.. mechanisms.Pulls.Select(pull => pull.Name)], [.. mechanisms.Pulls.Select(pull => pull.Effect.Value)])
        {
            Errors = Errors(mechanisms.Pulls.Select(pull => pull.Effect)),
            Tone = Tone.Blue,
        })
    {
        Caption = RichText.Html(
            $"Bars to the left of zero hold complexity down, bars to the right drive it up: each is what that mechanism alone would do, ",
            $"to first order, to a geometric complexity of {mechanisms.Complexity} on the batches."),
    };

    private static Table Pulls(Mechanisms mechanisms) => Table.Of(
        mechanisms.Pulls,
        ("Mechanism", pull => pull.Name),
        ("Strength", pull => pull.Strength),
        ("Value", pull => pull.Value),
        ("Pull on the parameters", pull => pull.Norm),
        ("Share", pull => RichText.Html($"{Numbers.Format(100 * mechanisms.ShareOf(pull), 3)} %").AsNumber()),
        ("Change of complexity a step", pull => pull.Effect));

    private static Block Implicit(ImplicitTerms terms)
    {
        (string Name, Uncertain Value)[] parts =
        [
            ("gradients of the outputs", terms.GradientNorms),
            ("alignment of the labels, A", terms.LabelAlignment),
            ("alignment of the batch, C", terms.BatchAlignment),
        ];
        return new Chart(
            "The learning rate’s regularization, taken apart", new Axis("part of (h/4)‖∇L‖²"), new Axis("", Scale.Category),
            new Bars([.. parts.Select(part => part.Name)], [.. parts.Select(part => part.Value.Value)])
            {
                Errors = Errors(parts.Select(part => part.Value)),
                Tone = Tone.Teal,
            })
        {
            Caption = RichText.Html(
                $"The three parts sum to (<var>h</var>/4)‖∇<sub>θ</sub><var>L</var>‖² = {terms.Total}. It is through the first, ",
                $"{terms.GradientNorms}, that the learning rate presses on geometric complexity; the ",
                $"alignments ({terms.LabelAlignment} and {terms.BatchAlignment}) tell how much outputs and examples pull ",
                $"together (Dherin et al. 2022, eq. 6–8). The first two fall as one over the batch: that is how ",
                $"the batch size acts.{string.Concat(terms.Notes.Select(note => $" {Sentence(note)}"))}"),
        };
    }

    private static string Sentence(string note) => $"{char.ToUpperInvariant(note[0])}{note[1..]}.";

    private static double[]? Errors(IEnumerable<Uncertain> numbers) =>
        numbers.All(number => double.IsFinite(number.StandardError)) ? [.. numbers.Select(number => number.StandardError)] : null;
}
