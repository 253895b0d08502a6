using System.Diagnostics;
using Occam.Measures.Sharpness;
using Occam.Torch;

namespace Occam.Measures.Posterior;

/// <summary>
/// The local learning coefficient of the weights w*, λ̂ = nβ (E[L(w)] − L(w*)), the mean over weights near w* of density
/// ∝ exp(−nβ L(w) − (γ/2)‖w − w*‖²), with nβ = n/ln n (Lau et al. 2023; Watanabe 2013): how fast the volume of weights grows
/// whose loss is nearly as low. Of a regular minimum of d weights it is d/2, of a degenerate one less.
/// <para>
/// Several chains start at w*. Where a mini-batch is all the data, they are drawn by Hamiltonian Monte Carlo, which converges to
/// that density itself; the step comes from warming up. With more data they are of stochastic gradient Langevin dynamics with a step that
/// makes the variance in the steepest direction at most a twentieth too large. The localization is γ = d/‖w*‖² unless given: each weight
/// may move as far as the weights are large. The standard error comes from the halves of the chains. Where they don't agree (split R̂ above
/// 1.05, or fewer than 50 effective draws) or haven't got around, there is no value.
/// </para>
/// </summary>
/// <param name="Chains">Chains, each with random numbers of its own.</param>
/// <param name="Draws">The draws of each chain, after it has warmed up for half as many.</param>
/// <param name="Gamma">The localization γ; d/‖w*‖² when left out.</param>
/// <param name="Batch">
/// Examples of a mini-batch; when left out all, up to 10,000 examples of together 2²⁴ numbers, and otherwise 1,024.
/// </param>
/// <param name="Leaps">The most steps between two draws by Hamiltonian Monte Carlo.</param>
/// <param name="Stride">The steps between two draws by Langevin dynamics.</param>
public sealed record LearningCoefficient(
    int Chains = 4, int Draws = 200, double? Gamma = null, int? Batch = null, int Leaps = 32, int Stride = 10)
    : SharpnessMeasure(
        "learning-coefficient", "Local learning coefficient", "Lau et al. 2023",
        "$nβ (E[L(w)] − L(w*))$, $w$ of density $∝ exp(−nβ L(w) − γ/2 ‖w − w*‖²)$, $nβ = n/{ln n}$",
        MeasureNeeds.WeightDerivative)
{
    private const int FewestDraws = 16;

    // What all chains may hold of the data at once.
    private const int MostExamples = 10_000;
    private const long MostNumbers = 1L << 24;
    private const int UsualBatch = 1024;

    // β = 1/ln n is below 1 from here on.
    private const int FewestExamples = 3;

    // Variance of a direction of curvature a is 1 + εa/4 times too large by steps of ε, and as much again by its noise.
    private const double StepShare = 0.2;
    private const int CurvatureExamples = 1024;
    private const int CurvatureProducts = 20;

    // Apart from the streams of mini-batches.
    private const long Stream = 0x636861696e;

    private const int MostTimed = 25;

    private static readonly TimeSpan s_worthSaying = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_longEnough = TimeSpan.FromSeconds(0.3);

    /// <inheritdoc/>
    public override string Meaning =>
        "How many weights the minimum really uses: half of their number where each matters, less where many could be "
            + "otherwise.";

    /// <inheritdoc/>
    public override string? Problem() =>
        Unless(Chains >= 2, $"{Chains} chains", "at least 2, which can be compared")
        ?? Unless(Draws >= 1, $"{Draws} draws a chain", "at least 1")
        ?? Unless(Gamma is null or (> 0 and < double.PositiveInfinity), $"a localization of {Gamma}", "a number above 0")
        ?? Unless(Leaps >= 1 && Stride >= 1, $"{Math.Min(Leaps, Stride)} steps a draw", "at least 1")
        ?? (Batch is { } batch ? PerturbationProblems.OfBatch(batch) : null);

    private protected override WeightUse Use => WeightUse.Moved;

    private protected override int Vectors(long size) => 2;

    private protected override MeasureResult Compute(MeasureContext context, LossSurface surface)
    {
        var n = surface.Examples;
        if (n < FewestExamples)
        {
            return Blank with { NotApplicable = $"needs at least {FewestExamples} examples: β is 1/ln n" };
        }

        if (Draws < FewestDraws)
        {
            return Blank with
            {
                NotApplicable = $"needs draws that tell whether the chains agree, and {Draws} a chain don't: give at least {FewestDraws}",
            };
        }

        var own = surface.Losses;
        var origin = surface.Weights.Origin.ToArray<double>();
        LocalPosterior density = new(origin, n / Math.Log(n), Gamma ?? LocalPosterior.OwnLocalization(origin));
        var batch = Batch ?? (n <= MostExamples && n * context.Inputs <= MostNumbers ? n : UsualBatch);
        var step = n <= batch ? null : Langevin(context, density, batch);
        Tell(context, surface, own, batch);
        var sample = PosteriorSample.Of(
            density, Chains, Draws, number => Begin(context, density, own, batch, step, number), context.Options.Progress,
            context.Options.Cancellation, context.Options.Threads);
        return Result(sample, batch, step, context.Options.Seed);
    }

    private MeasureResult Result(PosteriorSample sample, int batch, LangevinScale? step, int seed)
    {
        var found = sample.Coefficient;
        var result = Blank with
        {
            Details =
            [
                new("rhat", found.RHat), new("effectiveDraws", found.EffectiveSize), new("draws", Chains * Draws),
                new("explored", sample.Explored.Mean),
                new("inverseTemperature", sample.Density.InverseTemperature), new("gamma", sample.Density.Localization),
                new("byLocalization", sample.LocalizationElasticity), new("parameters", sample.Density.Origin.Length),
                .. step is not null ? [new KeyValuePair<string, double>("step", step.Step)] : Array.Empty<KeyValuePair<string, double>>(),
            ],
            Notes =
            [
                $"{Chains} chains of {Draws} draws (seed {seed}), "
                    + (step is null
                        ? "by Hamiltonian Monte Carlo on all data"
                        : $"by Langevin dynamics on mini-batches of {batch}, whose steps make variances up to a twentieth too large"),
            ],
        };
        return sample.Problem is { } problem ? result with
        {
            NotApplicable = $"has chains that don't agree: {problem}; take more draws, more {(step is null ? "leaps" : "strides")}, or "
                    + $"a larger gamma than {Numbers.Format(sample.Density.Localization, 3)}",
        }
            : found.Estimate.Interval95 is { High: < 0 } below ? result with
            {
                NotApplicable = "is of a minimum of the loss, and there are lower losses near by: λ̂ is between "
                    + $"{Numbers.Format(below.Low, 3)} and {Numbers.Format(below.High, 3)}",
            }
            : result with { Quantity = found.Estimate };
    }

    private IChain Begin(MeasureContext whole, LocalPosterior density, double[] own, int batch, LangevinScale? step, int number)
    {
        var seed = unchecked((int)RandomStream.Mixed(RandomStream.Mixed((ulong)whole.Options.Seed) + (ulong)number));
        var context = Own(whole, whole.Data!, seed);
        var potential = Potential(context, () => LossSurface.Of(context, out _)!, own, batch);
        return step is not null
            ? new LangevinChain(potential, density, step, Stride, new Generator(RandomStream.Mixed((ulong)seed + Stream)))
            : new HamiltonianChain(potential, density, Leaps, new SeededRandom(seed, Stream));
    }

    private static IPotential Potential(MeasureContext context, Func<LossSurface> surface, double[] own, int batch)
    {
        MiniBatches batches = new(context, batch);
        return PerceptronPotential.Of(context, own, batches, Math.Min(batch, own.Length)) is { } potential
            ? potential
            : new LossPotential(surface(), own, batches);
    }

    // A context for another thread, or for fewer examples.
    private static MeasureContext Own(MeasureContext context, Data.DataSet data, int seed) => new(
        context.Subject, data,
        new MeasureOptions { Batch = context.BatchSize, Seed = seed, Cancellation = context.Options.Cancellation });

    private static LangevinScale Langevin(MeasureContext context, LocalPosterior density, int batch)
    {
        using var scope = Libtorch.NewDisposeScope();
        var some = Own(context, context.Data!.Subset(CurvatureExamples, context.Options.Seed), context.Options.Seed);
        using var generator = new Generator(context.Options.RandomSeed, context.Function.Device);
        var surface = LossSurface.Of(some, out _)!;
        using var hessian = surface.Hessian(CurvatureProducts);
        return LangevinScale.Of(density, hessian, surface.Weights.Origin, batch, StepShare, CurvatureProducts, generator);
    }

    // What the draws will take, from a timed gradient, where that is long.
    private void Tell(MeasureContext context, LossSurface surface, double[] own, int batch)
    {
        if (context.Options.ExpectWork is not { } expect)
        {
            return;
        }

        var potential = Potential(context, () => surface, own, batch);
        var point = surface.Weights.Origin.ToArray<double>();
        List<TimeSpan> times = [];
        var clock = Stopwatch.StartNew();
        while (times.Count < 2 || (times.Count < MostTimed && clock.Elapsed < s_longEnough))
        {
            var began = clock.Elapsed;
            potential.At(point, new double[point.Length]);
            times.Add(clock.Elapsed - began);
        }

        // The first one also pays for what is made once, and of the others the middle one says most.
        times.RemoveAt(0);
        times.Sort();
        surface.Weights.Return();
        var isHamiltonian = own.Length <= batch;
        var gradients = Chains * (Draws + (Draws / 2)) * (isHamiltonian ? (Leaps + 1) / 2.0 : Stride);
        var time = times[times.Count / 2] * gradients / Math.Min(Chains, context.Options.Threads ?? Libtorch.Threads);
        if (time > s_worthSaying)
        {
            expect(
                $"{Chains} chains of {Draws} draws are {(isHamiltonian ? "up to " : "")}{Numbers.Format((long)gradients)} "
                    + "gradients of the loss",
                time);
        }
    }
}
