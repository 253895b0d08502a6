using Occam.Lab.Reports;

namespace Occam.Lab.Explaining.Pages;

/// <summary>
/// A run, explained on one page: what it comes to, how complexity grew, what held it down, where it sits, how it compares.
/// </summary>
public static class ExplanationPage
{
    /// <summary>Makes the page.</summary>
    /// <param name="explanation">The explanation to show.</param>
    /// <param name="command">The command that made it.</param>
    public static Page Of(Explanation explanation, string command)
    {
        Section?[] sections =
        [
            new Section("In short", new Prose([.. Findings.Of(explanation).Select(finding => (RichText)finding)]), Facts(explanation)),
            GrowthSection.Of(explanation),
            MechanismSection.Of(explanation),
            PlaceSection.Of(explanation.Place),
            ComparisonSection.Of(explanation.Comparison),
            explanation.OpenQuestions.IsEmpty ? null : new Section(
                "What can’t be told",
                Table.Of(explanation.OpenQuestions, ("Question", question => question.What), ("Why", question => question.Why))),
            new Section("The configuration", new CodeText(explanation.Run.Reading.Text.TrimEnd())),
        ];
        return new Page(
            explanation.Run.Name, "How complex the function is that this run learned, and why it is not more so",
            [.. sections.OfType<Section>()])
        {
            Command = command,
            Kicker = "Occam explain",
        };
    }

    private static FactList Facts(Explanation explanation)
    {
        var (configuration, status) = (explanation.Run.Configuration, explanation.Status);
        return new FactList(
            new Fact("network", $"{configuration.Network.Id}, {Numbers.Format(explanation.Parameters)} parameters"),
            new Fact("loss", configuration.Settings.Loss.Id),
            new Fact("optimizer", RichText.Html(
                $"{configuration.Settings.Optimizer.Id}, learning rate {Numbers.Format(configuration.Settings.Optimizer.LearningRate)}")),
            new Fact("batch", configuration.Settings.BatchSize is { } batch ? (long)batch : "all examples"),
            new Fact("steps", RichText.Html($"{status.Step}, {status.Epoch} epochs")),
            new Fact("seed", (long)configuration.Settings.Seed),
            new Fact("state", status.State.ToString().ToLowerInvariant()));
    }
}
