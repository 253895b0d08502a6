using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// How the claims of Figures 5 to 8 are judged: by the worst of all networks and examples of a seed. One beyond a bound refutes it; that
/// all are within speaks for it as far as other seeds' would be, too.
/// </summary>
internal static class ConditionClaims
{
    /// <summary>The paper's bound on 1/μ (§4).</summary>
    public const double LargestConditionNumber = 4;

    /// <summary>The paper's bound on C₂.</summary>
    public const double LargestC2 = 5;

    /// <summary>The paper's bound on C₃.</summary>
    public const double LargestC3 = 3;

    // "Very similar", of which the paper gives no number.
    private const double Similar = 2;

    /// <summary>The trained networks, for a bound on them alone.</summary>
    public static LayerConditions[] Trained(ConditionRun run) => [run.Trained];

    /// <summary>The networks at initialization, too.</summary>
    public static LayerConditions[] Both(ConditionRun run) => [run.Initial, run.Trained];

    /// <summary>C1 with μ of 1/4 or more.</summary>
    public static Finding C1(ConditionRuns runs, Func<ConditionRun, LayerConditions[]> of)
    {
        var stated = runs.Runs.SelectMany(of).Max(one => one.StatedConditionNumber);
        return Within(
            runs, of, "1/μ", LargestConditionNumber, one => one.ConditionNumber,
            $"; for a < c < b alone, as C1 is printed, {Numbers.Format(stated)}");
    }

    /// <summary>C2 with C₂ of 5 or less, as the theorem has it.</summary>
    public static Finding C2(ConditionRuns runs, Func<ConditionRun, LayerConditions[]> of)
    {
        LayerConditions[] networks = [.. runs.Runs.SelectMany(of)];
        var (coarse, drawn) = (networks.Max(one => one.CoarseC2), networks.Max(one => one.DrawnC2));
        var finding = Within(
            runs, of, "C₂", LargestC2, one => one.C2,
            $", of examples of length 1 and every δ; for δ of 0.02 or more {Numbers.Format(coarse)}, and for inputs as the network takes "
                + $"them and means over the examples, as the figure may have been drawn, {Numbers.Format(drawn)}");
        return finding with
        {
            Statistics =
            [
                .. finding.Statistics, new Fact("largest C₂ for δ of 0.02 or more", coarse),
                new Fact("largest C₂ as the figure may have been drawn", drawn),
            ],
        };
    }

    /// <summary>C3 with C₃ of 3 or less.</summary>
    public static Finding C3(ConditionRuns runs, Func<ConditionRun, LayerConditions[]> of) =>
        Within(runs, of, "C₃", LargestC3, one => one.C3, "");

    /// <summary>That a constant of every trained network is near that at its initialization.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="name">What the constant is called.</param>
    /// <param name="constant">The constant that is judged.</param>
    public static Finding IsSimilar(ConditionRuns runs, string name, Func<LayerConditions, double> constant)
    {
        var factors = Factors(runs, constant);
        var evidence = Evidence.NearOneInEvery(factors, Similar);
        return IfFitted(runs, new Finding(
            evidence,
            $"Training changes {name} by factors of {Range(factors)}; up to {Similar} counts as similar, which is this project’s choice"
                + Few(evidence),
            runs.Runs.Length,
            [.. runs.Runs.Select(run => new Fact(
                $"{name}, seed {run.Seed}: at initialization, trained",
                $"{Numbers.Format(constant(run.Initial))}, {Numbers.Format(constant(run.Trained))}"))]));
    }

    private static Finding Within(
        ConditionRuns runs, Func<ConditionRun, LayerConditions[]> of, string name, double bound, Func<LayerConditions, double> constant,
        string beside)
    {
        double[] networks = [.. runs.Runs.SelectMany(of).Select(constant)];

        // Of a seed one that is beyond, whatever is known of the other; NaN where one isn't known and none is beyond.
        double Worst(double[] own) => own.FirstOrDefault(value => value > bound, own.Aggregate(Math.Max));
        double[] worst = [.. runs.Runs.Select(run => Worst([.. of(run).Select(constant)]))];
        var evidence = Evidence.InEvery(worst, bound, oneRefutes: true);
        var limit = Evidence.LimitOfMost(worst);
        return IfFitted(runs, new Finding(
            evidence,
            $"In {networks.Count(value => value <= bound)} of {networks.Length} networks {name} is {bound} at most; the largest is "
                + $"{Numbers.Format(networks.Max())}{beside}{Few(evidence)}",
            runs.Runs.Length,
            [
                .. double.IsFinite(limit)
                    ? [new Fact($"{name} that nine of ten trainings stay below, with 95 % confidence", limit)]
                    : Array.Empty<Fact>(),
                .. networks.Select((value, i) => new Fact($"{name}, network {i + 1}", value)),
            ]));
    }

    private static double[] Factors(ConditionRuns runs, Func<LayerConditions, double> constant) =>
        [.. runs.Runs.Select(run => constant(run.Trained) / constant(run.Initial))];

    private static string Range(double[] factors)
    {
        double[] known = [.. factors.Where(double.IsFinite).DefaultIfEmpty(double.PositiveInfinity)];
        return $"{Numbers.Format(known.Min())} to {Numbers.Format(known.Max())}";
    }

    // Where all that were made are within the bound, and others may not be.
    private static string Few(Evidence evidence) => evidence is { For: > Evidence.Level and < 1 }
        ? "; by their spread more than one in ten of all trainings may be beyond"
        : "";

    /// <summary>The claims are about networks that were trained to the end.</summary>
    private static Finding IfFitted(ConditionRuns runs, Finding finding)
    {
        var fitted = runs.Runs.Count(run => run.Fitted);
        return finding.If(
            fitted == runs.Runs.Length, $"{fitted} of {runs.Runs.Length} trainings came below the cross-entropy at which they end");
    }
}
