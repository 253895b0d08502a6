namespace Occam.Lab.Ranking;

/// <summary>The errors of a run's last network: shares of examples classified wrongly, or mean losses where there are no classes.</summary>
/// <param name="Train">On the training data, with the labels as the data have them.</param>
/// <param name="Test">On the test data.</param>
/// <param name="TestExamples">How many test examples there were.</param>
/// <param name="AreShares">Whether they are shares.</param>
public sealed record RunErrors(double Train, double Test, int TestExamples, bool AreShares)
{
    /// <summary>The target's value.</summary>
    public double Of(RankingTarget target) => target == RankingTarget.Gap ? Test - Train : Test;
}
