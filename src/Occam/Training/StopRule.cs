namespace Occam.Training;

/// <summary>Applies the stop conditions as a training goes on.</summary>
internal sealed class StopRule(StopConditions conditions)
{
    private double _best = double.PositiveInfinity;
    private long _evaluations;

    public TrainingEnd AfterEpoch(double loss, double accuracy) =>
        loss < conditions.LossBelow ? TrainingEnd.LossReached
        : accuracy >= conditions.Accuracy ? TrainingEnd.AccuracyReached
        : TrainingEnd.None;

    /// <summary>Whether the patience is exhausted with this metric.</summary>
    public bool IsMetBy(Metric metric)
    {
        if (conditions.Patience is not { } patience || metric.Name != "test.loss")
        {
            return false;
        }

        (_best, _evaluations) = metric.Value < _best ? (metric.Value, 0) : (_best, _evaluations + 1);
        return _evaluations >= patience;
    }

    public void Save(StateArchive archive)
    {
        archive.Write("stop.best", [_best]);
        archive.Write("stop.looks", [_evaluations]);
    }

    public void Load(StateArchive archive)
    {
        _best = archive.Read<double>("stop.best", 1)[0];
        _evaluations = archive.Read<long>("stop.looks", 1)[0];
        if (double.IsNaN(_best) || _evaluations is < 0 or > int.MaxValue)
        {
            throw StateArchive.Refused("stop.looks", $"{_evaluations} evaluations since the best, which was {_best}, can't be");
        }
    }
}
