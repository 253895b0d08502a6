using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Experiments.Dherin2021;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>Runs of a figure on the ten points of a parabola.</summary>
internal abstract class MadeUpParabola(Experiment<ParabolaRuns> experiment) : MadeUpRuns<ParabolaRuns>(experiment)
{
    /// <summary>
    /// Trainings from five seeds, whose lengths, and energies of a third of them, follow a course over the steps 0, 1, 10, … and the last;
    /// seed by seed a little longer.
    /// </summary>
    protected static ParabolaRuns Trainings(
        double[] lengths, double overError = 1, double overValues = 1, long last = 30_000, double loss = 1e-6, double start = 0.01,
        int excesses = 5) =>
        new([.. Enumerable.Range(0, 5).Select(seed =>
        {
            ImmutableArray<ParabolaPoint> track =
            [
                .. lengths.Select((length, i) => new ParabolaPoint(
                    i == lengths.Length - 1 ? last : i == 0 ? 0 : (long)Math.Pow(10, i - 1),
                    i == lengths.Length - 1 ? loss : 0.1,
                    length * (1 + (0.0001 * seed)),
                    length / 3 * (1 + (0.0001 * seed)),
                    900,
                    length / (i == 2 && seed < excesses ? overValues : 1),
                    length / (i == 2 && seed < excesses ? overError : 1))),
            ];
            return new ParabolaRun(seed, track, [new ParabolaFunction(0, [-1, 1], [start + (0.001 * seed), start], [])]);
        })]);
}
