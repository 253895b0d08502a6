using System.Collections.Immutable;
using Occam.Data;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Measures;
using Occam.Measures.Regions;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Occam.Training.Regularizers;

namespace Occam.Lab.Experiments.Dherin2021;

/// <summary>
/// gor-open-noise: a question that Dherin et al. 2021, §5, leave open. "The discrete Dirichlet energy is reminiscent of the Tikhonov
/// regularizer which is implicitly regularized with added input noise" (Bishop 1995). For the halved squared error, noise of variance σ² on
/// every input adds σ²/2 ‖∇f‖² to the expected loss of an example, as far as f is linear within reach of the noise: geometric complexity
/// with the strength σ²/2. Is training with the one training with the other? A network learns the ten points of gor-1 with noise of several
/// sizes, and with the penalty of the same strength. All settings are chosen.
/// </summary>
internal sealed class NoiseAgainstPenalty() : Experiment<ImmutableArray<NoiseRun>>(
    "gor-open-noise",
    "Noise on the inputs is a penalty on geometric complexity",
    Papers.Dherin2021,
    "§5, an open question")
{
    private const int Width = 64;
    private const int Grid = 201;
    private const double LearningRate = 0.2;
    private const double Same = 1.25;
    private const double Near = 0.5;
    private const string Source = "§5, regularization through noise, an open question";

    private static readonly double[] s_sigmas = [0, 0.02, 0.05, 0.1, 0.2];

    /// <inheritdoc/>
    public override ImmutableArray<Claim<ImmutableArray<NoiseRun>>> JudgedClaims { get; } =
    [
        new("complexity-falls", "The geometric complexity falls as the noise on the inputs grows.", Source,
            runs => IfFitted(runs, Judge.FallsByFactor("geometric complexity", Noisy(runs).Values(run => run.Complexity)))),
        new("same-complexity", "With noise the complexity is as under the penalty of strength σ²/2.", Source,
            runs => IfFitted(runs, Judge.All([.. Pairs(runs).Select(pairs => (
                pairs.First().Noisy.Group,
                Judge.IsFactorBetween(
                    "complexity with noise over that under the penalty", [.. pairs.Select(pair => pair.Noisy.Complexity
                        / pair.Penalized.Complexity)],
                    1 / Same, Same, "a quarter either way")))]))),
        new("same-function", "The function learned with noise is that learned under the penalty.", Source,
            runs => IfFitted(runs, Judge.All([.. Pairs(runs).Select(pairs => (
                pairs.First().Noisy.Group,
                Judge.IsBelow(
                    "distance of both functions, as a share of how far the noise moved it,",
                    [.. pairs.Select(pair => pair.Noisy.DistanceTo(pair.Penalized) / pair.Noisy.DistanceTo(Plain(runs, pair.Noisy.Seed)))],
                    Near, "half as far")))]))),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => new(
        $"{s_sigmas.Length - 1} sizes of noise, {Steps(scale):N0} steps",
        scale switch { ExperimentScale.Smoke => 2, ExperimentScale.Laptop => 5, _ => 10 },
        scale switch
        {
            ExperimentScale.Smoke => TimeSpan.FromSeconds(3),
            ExperimentScale.Laptop => TimeSpan.FromSeconds(90),
            _ => TimeSpan.FromHours(1),
        });

    /// <inheritdoc/>
    public override ImmutableArray<NoiseRun> Compute(ExperimentContext context)
    {
        var data = DataSet.FromArrays("ten points of y = x²", [1], Parabola.X.ToArray(), targets: Parabola.Y.ToArray());

        // Without noise and penalty there is one training.
        (double Sigma, bool IsPenalized, int Seed)[] items =
        [
            .. from sigma in s_sigmas
               from penalized in sigma == 0 ? [false] : new[] { false, true }
               from seed in context.Seeds
               select (sigma, penalized, seed),
        ];
        return context.Replicate("training", items, (item, replica) => Train(
            data, item.Sigma, item.IsPenalized, item.Seed, Steps(context.Scale), replica));
    }

    /// <inheritdoc/>
    public override ExperimentFigure Show(
        ExperimentContext context, ImmutableArray<NoiseRun> runs, IReadOnlyList<VerdictBlock> verdicts)
    {
        double[] places = [.. Enumerable.Range(0, Grid).Select(i => At(i))];
        var first = runs.Min(run => run.Seed);
        Line Learned(NoiseRun run, string name, Tone tone) => new(places, run.Values) { Name = name, Tone = tone };
        return new ExperimentFigure
        {
            Summary = RichText.Html(
                $"Noise on the inputs of a training adds to its loss, on average, what a penalty on the slope at the data does, as far as ",
                $"the function is straight within reach of the noise. A network learns ten points of a parabola with noise of ",
                $"variance σ², and with σ²/2 times the geometric complexity as a penalty. Does it learn the same?"),
            Panels =
            [
                new Section(
                    "Geometric complexity",
                    new SideBySide(
                        Complexity("With noise", [.. Noisy(runs)]),
                        Complexity("Under the penalty σ²/2", [.. runs.Where(run => run.IsPenalized || run.Sigma == 0)])),
                    new Prose("Bars are two standard errors of the mean over the seeds to each side.")),
                new Section(
                    "The learned functions",
                    new SideBySide([.. Pairs(runs).Select(pairs => pairs.First(pair => pair.Noisy.Seed == first)).Select(pair => new Chart(
                        pair.Noisy.Group, new Axis("x"), new Axis("f(x)"),
                        Learned(pair.Noisy, "with noise", Tone.Blue),
                        Learned(pair.Penalized, "under the penalty", Tone.Orange),
                        Learned(Plain(runs, first), "with neither", Tone.Gray)))]),
                    new Prose($"Those of seed {first}. The penalty is at the ten points alone, and says nothing of what is between them.")),
            ],
            Settings =
            [
                new("network", $"1 → {Width} → {Width} → 1, ReLU; truncated normal of variance 1/fan-in, biases 0", Origin.Chosen),
                new("data", "the ten points of y = x² of gor-1, all in each step", Origin.Chosen),
                new("loss", "half the squared error, to which σ²/2 belongs", Origin.Chosen),
                new("optimizer", $"SGD without momentum, learning rate {LearningRate}, {Steps(context.Scale):N0} steps", Origin.Chosen),
                new("noise", $"normal, of standard deviation σ = {string.Join(", ", s_sigmas.Select(sigma => Numbers.Format(sigma)))}; new "
                    + "in each step", Origin.Chosen),
                new("penalty", "σ²/2 · 1/B Σ ‖∇ₓf‖², exact", Origin.Chosen),
                new("as under the penalty", $"a factor of at most {Numbers.Format(Same)} either way, on geometric average", Origin.Chosen),
                new("the same function", "their distance is at most half of how far the noise moved it from the function learned with "
                    + "neither (root mean squares over [−1, 1])", Origin.Chosen),
                new("fitted", $"a mean squared error of at most {Numbers.Format(100 * ParabolaUnderNoise.Fitted)} % of the targets’ "
                    + "variance where there is neither noise nor penalty", Origin.Chosen),
                new("what is learned", $"the mean over {ParabolaUnderNoise.Looks} networks of the last tenth of the steps, for new "
                    + "noise in every step moves the weights to and fro", Origin.Chosen),
                new("seeds", string.Join(", ", context.Seeds), Origin.Run),
            ],
            Tables =
            [
                RawTable.Of(
                    "trainings", "each training, a mean over networks of its last tenth", runs,
                    ("sigma", run => run.Sigma), ("penalized", run => run.IsPenalized ? 1 : 0), ("seed", run => run.Seed),
                    ("mean_squared_error", run => run.Loss), ("geometric_complexity", run => run.Complexity)),
                RawTable.Of(
                    "functions", "the learned functions",
                    from run in runs from i in Enumerable.Range(0, run.Values.Length) select (Run: run, Index: i),
                    ("sigma", row => row.Run.Sigma), ("penalized", row => row.Run.IsPenalized ? 1 : 0), ("seed", row => row.Run.Seed),
                    ("x", row => At(row.Index)), ("y", row => row.Run.Values[row.Index])),
            ],
        };
    }

    private static NoiseRun Train(DataSet data, double sigma, bool isPenalized, int seed, int steps, Replica replica)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        using var trainer = new Trainer(
            Mlp.Build([1, Width, Width, 1], "relu", InitializationScheme.LeCun, generator), data, new TrainingSettings
            {
                Loss = new HalfSquaredError(),
                Optimizer = new Sgd(LearningRate),
                Steps = steps,
                Seed = seed,
                InputNoise = isPenalized ? 0 : sigma,
                Regularizers = isPenalized ? [new GeometricComplexityRegularizer(sigma * sigma / 2)] : [],
            });
        var looks = ParabolaUnderNoise.Follow(trainer, steps, replica, network => Look(network, data));
        return new NoiseRun(
            sigma, isPenalized, seed, looks.Average(look => look.Loss), looks.Average(look => look.Complexity),
            [.. Enumerable.Range(0, Grid).Select(i => looks.Average(look => look.Values[i]))]);
    }

    private static (double Loss, double Complexity, double[] Values) Look(Network network, DataSet data)
    {
        using var scope = Libtorch.NewDisposeScope();
        var complexity = MeasureCatalogue.Find("geometric-complexity").Measurement(new MeasureContext(new Subject(network), data));
        var tracer = new LineTracer(network);
        var (from, to) = (Tensor.FromArray([-1.0], 1), Tensor.FromArray([1.0], 1));
        var predictions = tracer.Values(from, to, [.. Parabola.X.Select(x => (x + 1) / 2)]);
        return (
            ParabolaUnderNoise.Error(predictions), complexity.Value ?? double.NaN,
            [.. tracer.Values(from, to, [.. Enumerable.Range(0, Grid).Select(i => (At(i) + 1) / 2)])]);
    }

    private static Chart Complexity(string title, IReadOnlyList<NoiseRun> runs) =>
        runs.Ends(title, new Axis("σ"), new Axis("geometric complexity", Minimum: 0), run => run.Complexity);

    private static int Steps(ExperimentScale scale) => scale switch
    {
        ExperimentScale.Smoke => 200,
        ExperimentScale.Laptop => 20_000,
        _ => 100_000,
    };

    private static double At(int index) => -1 + (2.0 * index / (Grid - 1));

    private static IEnumerable<NoiseRun> Noisy(IEnumerable<NoiseRun> runs) => runs.Where(run => !run.IsPenalized);

    private static NoiseRun Plain(IEnumerable<NoiseRun> runs, int seed) => runs.Single(run => run.Sigma == 0 && run.Seed == seed);

    // By size of the noise, seed by seed.
    private static IEnumerable<(NoiseRun Noisy, NoiseRun Penalized)[]> Pairs(IReadOnlyList<NoiseRun> runs) => Noisy(runs)
        .Where(run => run.Sigma > 0)
        .ByLevel()
        .Select(level => level
            .Select(run => (run, runs.Single(other => other.IsPenalized && other.Sigma == run.Sigma && other.Seed == run.Seed)))
            .ToArray());

    private static Finding IfFitted(IReadOnlyList<NoiseRun> runs, Finding finding) => ParabolaUnderNoise.IfFitted(
        finding, runs.Where(run => run.Sigma == 0).Select(run => run.Loss), "with neither noise nor penalty");
}
