using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Dherin2021;
using Occam.Lab.Reports;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>gor-2: energies and slopes by learning rate.</summary>
internal sealed class EnergyAndSlopeRuns() : MadeUpRuns<ComplexityRuns>(new EnergyAndSlope())
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ComplexityRuns Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("both fall", Trainings(energies: [40, 20, 10], slopes: [4, 2, 1]),
            [("energy-falls", Verdict.Reproduced), ("slope-falls", Verdict.Reproduced)]),
        ("both rise", Trainings(energies: [10, 20, 40], slopes: [1, 2, 4]),
            [("energy-falls", Verdict.NotReproduced), ("slope-falls", Verdict.NotReproduced)]),
        ("the energy falls and the slope rises", Trainings(energies: [40, 20, 10], slopes: [1, 2, 4]),
            [("energy-falls", Verdict.Reproduced), ("slope-falls", Verdict.NotReproduced)]),
        ("neither moves beyond the seeds' spread", Trainings(energies: [10, 10.1, 10], slopes: [1, 1, 1]),
            [("energy-falls", Verdict.Undecided), ("slope-falls", Verdict.Undecided)]),
        ("both fall at the end alone", Trainings(energies: [10, 20, 40], slopes: [1, 2, 4], atEnd: level => 1.0 / (1 << (2 * level))),
            [("energy-falls", Verdict.NotReproduced), ("slope-falls", Verdict.NotReproduced)]),
        ("both fall, but the smallest rate hasn’t learned its images",
            Trainings(energies: [40, 20, 10], slopes: [4, 2, 1], loss: level => level == 0 ? 0.4 : 0.01),
            [("energy-falls", Verdict.Undecided), ("slope-falls", Verdict.Undecided)]),
        ("both fall, and a loss of zero was reached once",
            Trainings(energies: [40, 20, 10], slopes: [4, 2, 1], loss: level => level == 2 ? 0.05 : 0.01),
            [("energy-falls", Verdict.Reproduced), ("slope-falls", Verdict.Reproduced)]),
    ];

    private static ComplexityRuns Trainings(
        double[] energies, double[] slopes, Func<int, double>? loss = null, Func<int, double>? atEnd = null) => new(
    [
        .. from level in Enumerable.Range(0, energies.Length)
           let energy = Around(energies[level], 1)
           let slope = Around(slopes[level], 0.3)
           from seed in Enumerable.Range(0, energy.Length)
           let best = new ComplexityMeasurement(100, 0.5, 1, 2 * energy[seed], slope[seed])
           let factor = atEnd?.Invoke(level) ?? 1
           let end = best with { Complexity = best.Complexity * factor, Slope = best.Slope * factor }
           select new ComplexityRun(
               $"rate {level}", level, seed,
               [new(50, loss?.Invoke(level) ?? 0.01, 1, 0.5, 2 * energy[seed]), new(100, 0.1, 1, 0.5, 2 * energy[seed])], best, end),
    ]);
}
