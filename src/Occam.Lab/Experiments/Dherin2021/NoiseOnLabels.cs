using System.Collections.Immutable;
using Occam.Data;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Theory;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;

namespace Occam.Lab.Experiments.Dherin2021;

/// <summary>
/// gor-open-labels: what Dherin et al. 2021, §5, suggest of noise on labels. "The modified loss in (6) is also very reminiscent of the
/// modified loss" of Blanc et al. 2020, "which is argued to be implicitly minimized by SGD when a random white noise is added to the
/// labels"; so that "feature noise, label noise, and the optimization scheme all conspire to implicitly tame the geometric complexity".
/// <para>
/// In eq. 6 the pressure on ‖∇_θ f‖² is h/4 times the squared residual. White noise of variance σ² keeps the squared residual at σ² when
/// the data are fitted: the pressure is then proportional to hσ², and does not end. Is complexity tamed, and is hσ² all that counts? A
/// network learns the ten points of gor-1 at two learning rates and several hσ², for as long: as many times h.
/// </para>
/// <para>
/// All settings are chosen. Each point is there a thousand times, in pairs whose noise is opposite, so that on average there is none.
/// </para>
/// </summary>
internal sealed class NoiseOnLabels() : Experiment<ImmutableArray<LabelRun>>(
    "gor-open-labels",
    "Noise on the labels tames the geometric complexity, by the learning rate times its variance",
    Papers.Dherin2021,
    "§5, an open question")
{
    private const int Width = 64;
    private const int Batch = 10;
    private const int Pairs = 500;
    private const long NoiseStream = 3;
    private const double Same = 1.25;
    private const string Source = "§5, regularization through noise, an open question";

    private static readonly double[] s_rates = [0.1, 0.2];

    // hσ²: at the larger rate noise of 0, 0.05, 0.1 and 0.2.
    private static readonly double[] s_pressures = [0, 0.0005, 0.002, 0.008];

    /// <inheritdoc/>
    public override ImmutableArray<Claim<ImmutableArray<LabelRun>>> JudgedClaims { get; } =
    [
        new("complexity-falls", "The geometric complexity falls as the noise on the labels grows.", Source,
            runs => Falls("geometric complexity", runs, run => run.Complexity)),
        new("gradient-falls", "‖∇_θ f‖², on which the modified loss presses, falls as the noise on the labels grows.", Source,
            runs => Falls("mean ‖∇_θ f‖²", runs, run => run.Gradient)),
        new("rate-times-variance", "At equal hσ² and after as much time ‖∇_θ f‖² is the same whatever the learning rate.", Source,
            runs => IfFitted(runs, Judge.All([.. runs.Where(run => run.Pressure > 0).ByLevel().Select(level => (
                level.First().Group,
                Judge.IsFactorBetween(
                    "mean ‖∇_θ f‖² at the larger learning rate over that at the smaller",
                    [.. level.GroupBy(run => run.Seed).Select(own => own.MaxBy(run => run.Rate)!.Gradient
                        / own.MinBy(run => run.Rate)!.Gradient)],
                    1 / Same, Same, "a quarter either way")))]))),
    ];

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale) => new(
        $"{s_rates.Length} learning rates, {s_pressures.Length - 1} sizes of noise and none, up to {Steps(s_rates[0], scale):N0} steps",
        scale switch { ExperimentScale.Smoke => 2, ExperimentScale.Laptop => 5, _ => 10 },
        scale switch
        {
            ExperimentScale.Smoke => TimeSpan.FromSeconds(3),
            ExperimentScale.Laptop => TimeSpan.FromSeconds(20),
            _ => TimeSpan.FromMinutes(3),
        });

    /// <inheritdoc/>
    public override ImmutableArray<LabelRun> Compute(ExperimentContext context)
    {
        (double Rate, double Pressure, int Seed)[] items =
            [.. from rate in s_rates from pressure in s_pressures from seed in context.Seeds select (rate, pressure, seed)];
        return context.Replicate("training", items, (item, replica) =>
            Train(item.Rate, item.Pressure, item.Seed, Steps(item.Rate, context.Scale), replica));
    }

    /// <inheritdoc/>
    public override ExperimentFigure Show(
        ExperimentContext context, ImmutableArray<LabelRun> runs, IReadOnlyList<VerdictBlock> verdicts) => new()
        {
            Summary = RichText.Html(
                $"Once a network fits its data, the residuals are gone, and with them the pressure of the paper’s modified loss. Noise on ",
                $"the labels that is new in every step keeps them, and the pressure: the learning rate <var>h</var> times the variance σ² ",
                $"of the noise, on the squared gradient by the parameters. A network learns ten points of a parabola with such noise. ",
                $"Is it tamer, and by <var>h</var>σ² alone?"),
            Panels =
            [
                new Section(
                    "By hσ²",
                    [.. s_rates.Select(rate => new SideBySide(
                        By($"Complexity, h = {Numbers.Format(rate)}", rate, runs, "geometric complexity", run => run.Complexity),
                        By($"Gradients, h = {Numbers.Format(rate)}", rate, runs, "mean ‖∇_θ f‖²", run => run.Gradient),
                        By($"Error, h = {Numbers.Format(rate)}", rate, runs, "mean squared error without noise", run => run.Loss))),
                        new Prose("Bars are two standard errors of the mean over the seeds to each side.")]),
            ],
            Settings =
            [
                new("network", $"1 → {Width} → {Width} → 1, ReLU; truncated normal of variance 1/fan-in, biases 0", Origin.Chosen),
                new("data", $"the ten points of y = x² of gor-1, each {2 * Pairs:N0} times", Origin.Chosen),
                new("noise on the labels", "normal, of variance σ²; each copy has its own, and in each pair of copies one is the other’s "
                    + "negative", Origin.Chosen),
                new("loss", "half the squared error", Origin.Chosen),
                new("optimizer", "SGD without momentum", Origin.Stated),
                new("batch", $"{Batch}, drawn with replacement", Origin.Chosen),
                new("learning rates", string.Join(", ", s_rates.Select(rate => Numbers.Format(rate))), Origin.Chosen),
                new("steps", string.Join(", ", s_rates.Select(rate =>
                    $"{Steps(rate, context.Scale):N0} at h = {Numbers.Format(rate)}")), Origin.Chosen),
                new("hσ²", string.Join(", ", s_pressures.Select(pressure => Numbers.Format(pressure))), Origin.Chosen),
                new("the same", $"a factor of at most {Numbers.Format(Same)} either way, on geometric average", Origin.Chosen),
                new("fitted", $"a mean squared error of at most {Numbers.Format(100 * ParabolaUnderNoise.Fitted)} % of the targets’ "
                    + "variance where there is no noise", Origin.Chosen),
                new("what is measured", $"the mean over {ParabolaUnderNoise.Looks} networks of the last tenth of the steps, for the "
                    + "noise moves the weights to and fro", Origin.Chosen),
                new("seeds", string.Join(", ", context.Seeds), Origin.Run),
            ],
            Tables =
            [
                RawTable.Of(
                    "trainings", "each training, a mean over networks of its last tenth", runs,
                    ("learning_rate", run => run.Rate), ("rate_times_variance", run => run.Pressure), ("sigma", run => run.Sigma),
                    ("seed", run => run.Seed), ("mean_squared_error", run => run.Loss), ("geometric_complexity", run => run.Complexity),
                    ("parameter_gradient", run => run.Gradient)),
            ],
        };

    private static LabelRun Train(double rate, double pressure, int seed, int steps, Replica replica)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        var points = DataSet.FromArrays("ten points of y = x²", [1], Parabola.X.ToArray(), targets: Parabola.Y.ToArray());
        using var trainer = new Trainer(
            Mlp.Build([1, Width, Width, 1], "relu", InitializationScheme.LeCun, generator),
            Noisy(Math.Sqrt(pressure / rate), seed),
            new TrainingSettings
            {
                Loss = new HalfSquaredError(),
                Optimizer = new Sgd(rate),
                BatchSize = Batch,
                Replacement = true,
                Steps = steps,
                Seed = seed,
            });
        var looks = ParabolaUnderNoise.Follow(trainer, steps, replica, network => Look(network, points));
        return new LabelRun(
            rate, pressure, seed, looks.Average(look => look.Loss), looks.Average(look => look.Complexity),
            looks.Average(look => look.Gradient));
    }

    private static DataSet Noisy(double sigma, int seed)
    {
        var random = new SeededRandom(seed, NoiseStream);
        var (x, y) = (new List<double>(), new List<double>());
        for (var pair = 0; pair < Pairs; pair++)
        {
            for (var i = 0; i < Parabola.X.Length; i++)
            {
                var noise = sigma * random.NextGaussian();
                x.AddRange([Parabola.X[i], Parabola.X[i]]);
                y.AddRange([Parabola.Y[i] + noise, Parabola.Y[i] - noise]);
            }
        }

        return DataSet.FromArrays("ten points of y = x², noisy", [1], x.ToArray(), targets: y.ToArray());
    }

    private static (double Loss, double Complexity, double Gradient) Look(Network network, DataSet points)
    {
        using var scope = Libtorch.NewDisposeScope();
        var gradients = TheoremCatalogue.Find("gc-theorem-5-1").Check(new TheoryContext(network, points)).Details.ToDictionary();
        var outputs = network.Forward(Tensor.FromArray([.. Parabola.X.Select(x => (float)x)], points.Count, 1));
        return (
            ParabolaUnderNoise.Error(outputs.ToArray<float>().Select(value => (double)value)),
            gradients["gradientByInput"], gradients["gradientByParameters"]);
    }

    private static Chart By(
        string title, double rate, ImmutableArray<LabelRun> runs, string axis, Func<LabelRun, double> quantity) =>
        runs.Where(run => run.Rate == rate).ToArray().Ends(title, new Axis("hσ²"), new Axis(axis, Minimum: 0), quantity);

    private static Finding Falls(string quantity, ImmutableArray<LabelRun> runs, Func<LabelRun, double> of) => IfFitted(
        runs,
        Judge.All([.. runs.GroupBy(run => run.Rate).Select(own => (
            $"h = {Numbers.Format(own.Key)}", Judge.FallsByFactor(quantity, own.Values(of))))]));

    private static int Steps(double rate, ExperimentScale scale) => (int)Math.Round(scale switch
    {
        ExperimentScale.Smoke => 40,
        ExperimentScale.Laptop => 4_000,
        _ => 20_000,
    } / rate);

    private static Finding IfFitted(ImmutableArray<LabelRun> runs, Finding finding) =>
        ParabolaUnderNoise.IfFitted(finding, runs.Where(run => run.Pressure == 0).Select(run => run.Loss), "without noise");
}
