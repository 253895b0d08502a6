using System.Collections.Immutable;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// gc-2: Figure 2 of Dherin et al. 2022, perceptrons before training: the deeper, the closer to the zero function and to a
/// complexity of zero.
/// <para>
/// Stated: 500 units a layer, d = 150,528, k = 1,000, ReLU, weights truncated normal of variance 1/fan-in, zero biases, the
/// diagonal of [−1, 1]^d, 100 normalized points; other activations and schemes and larger domains in SM C.1. Chosen: 1, 2, 4,
/// … 64 hidden layers, points with standard normal coordinates, the mean and the largest |f_i| for the mean and the maximum
/// output, Glorot's and He's initialization, tanh, sigmoid and GELU, a domain a hundred times as large. <see
/// cref="InitializationClaims"/> says which of them are judged.
/// </para>
/// </summary>
internal sealed class Initialization() : Experiment<ImmutableArray<InitializationRun>>(
    "gc-2",
    "Before training, deeper networks are closer to the zero function",
    Papers.Dherin2022,
    "Figure 2, SM C.1")
{
    /// <inheritdoc/>
    public override ImmutableArray<Claim<ImmutableArray<InitializationRun>>> JudgedClaims => InitializationClaims.All;

    /// <inheritdoc/>
    public override ExperimentSize Size(ExperimentScale scale)
    {
        var task = InitializationTask.At(scale);
        return new ExperimentSize(
            $"3 initializations, 4 activations, {string.Join(", ", task.Depths)} hidden layers of {task.Units}, "
                + $"{task.Inputs:N0} inputs, {task.Outputs:N0} outputs",
            scale == ExperimentScale.Smoke ? 2 : 3,
            scale switch
            {
                ExperimentScale.Smoke =>
                TimeSpan.FromSeconds(3),
                ExperimentScale.Laptop => TimeSpan.FromMinutes(1),
                _ => TimeSpan.FromHours(6)
            });
    }

    /// <inheritdoc/>
    public override ImmutableArray<InitializationRun> Compute(ExperimentContext context)
    {
        var task = InitializationTask.At(context.Scale);
        var all = (from scheme in InitializationTask.Schemes
                   from activation in InitializationTask.Activations
                   from depth in task.Depths
                   from seed in context.Seeds
                   select (Scheme: scheme, Activation: activation, Depth: depth, Seed: seed)).ToArray();
        return
        [
            .. context.Replicate("looking at networks before training", all, (item, _) => task.Observe(
                context, item.Scheme, item.Activation, item.Depth, item.Seed)).SelectMany(observations => observations),
        ];
    }

    /// <inheritdoc/>
    public override ExperimentFigure Show(
        ExperimentContext context, ImmutableArray<InitializationRun> runs, IReadOnlyList<VerdictBlock> verdicts)
    {
        var task = InitializationTask.At(context.Scale);
        InitializationRun[] far = [.. runs.Where(run => run is { Scheme: InitializationTask.Standard, Domain: > 1 })];
        return new ExperimentFigure
        {
            Summary = "A network of many layers has an enormous number of parameters. Here perceptrons of growing depth are looked at "
                + "before training: how far their outputs are from zero along a diagonal of their domain, and how complex they are.",
            Panels = InitializationPage.Panels([.. InitializationClaims.Figure(runs)], far, runs),
            Settings =
            [
                new("network", $"{task.Inputs:N0} → {task.Units} (1 to {task.Depths[^1]} times) → {task.Outputs:N0}",
                    context.Scale == ExperimentScale.Paper ? Origin.Stated : Origin.Run),
                new("hidden layers", string.Join(", ", task.Depths), Origin.Chosen),
                new("standard initialization", "truncated normal of variance 1/fan-in, biases 0", Origin.Stated),
                new("other initializations", "Glorot’s uniform, He’s normal, biases 0", Origin.Chosen),
                new("activations", "ReLU (stated), tanh, sigmoid, GELU", Origin.Chosen),
                new("diagonal", "from (−1, …, −1) to (1, …, 1)", Origin.Stated),
                new("places along it", (long)InitializationTask.Places, Origin.Chosen),
                new(
                    "mean and maximum output",
                    "the mean and the largest |f_i| over the outputs; judged by their mean and maximum along the diagonal", Origin.Chosen),
                new("points of the complexity", (long)task.Points, context.Scale == ExperimentScale.Smoke ? Origin.Run : Origin.Stated),
                new("their coordinates", "standard normal; on the larger domain of variance s²", Origin.Chosen),
                new("larger domain", $"{InitializationTask.Domains[^1]} times as large", Origin.Chosen),
                new("judged on the larger domain", InitializationClaims.NamesFarAway, Origin.Chosen),
                new("judged of other activations and initializations", InitializationClaims.NamesOfOthers, Origin.Chosen),
                new("seeds", string.Join(", ", context.Seeds), Origin.Run),
            ],
            Remarks = context.Scale == ExperimentScale.Paper
                ? []
                : [$"The paper’s networks have 150,528 inputs and 1,000 outputs; these {task.Inputs:N0} and {task.Outputs}."],
            Tables = InitializationPage.Tables(runs),
        };
    }
}
