using System.Collections.Immutable;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Reports.Charts;
using Occam.Training;
using Occam.Training.Regularizers;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// Trainings with an explicit regularizer of several strengths (Dherin et al. 2022, §4). The strengths are not published.
/// </summary>
/// <param name="Name">What is added, in words.</param>
/// <param name="Formula">What is added, as a formula.</param>
/// <param name="Cost">How many steps of plain gradient descent one of these takes.</param>
/// <param name="Make">The regularizer of a strength.</param>
/// <param name="Strengths">The strengths, from 0 on.</param>
internal sealed record RegularizerSweep(
    string Name, string Formula, double Cost, Func<double, Regularizer> Make, ImmutableArray<double> Strengths)
{
    /// <summary>The squared norm of all parameters.</summary>
    public static RegularizerSweep L2 { get; } =
        new("L2", "α ‖θ‖²", 1.3, strength => new L2Regularizer(strength, AllParameters: true), [0, 1e-5, 1e-4, 5e-4, 1e-3, 5e-3]);

    /// <summary>The squared slope of the loss.</summary>
    public static RegularizerSweep Flatness { get; } =
        new("flatness", "α ‖∇L‖² on the batch", 3.5, strength => new FlatnessRegularizer(strength), [0, 1e-3, 5e-3, 1e-2, 5e-2, 1e-1]);

    /// <summary>The squared spectral norms of the weights.</summary>
    public static RegularizerSweep Spectral { get; } =
        new("spectral", "λ/2 Σ σ_max(W)²", 1.8, strength => new SpectralRegularizer(strength), [0, 1e-3, 5e-3, 1e-2, 5e-2]);

    /// <summary>The trainings of a scale.</summary>
    /// <param name="scale">The scale.</param>
    /// <param name="most">How many strengths at the laptop scale; the ends stay.</param>
    public ImmutableArray<TrainingCondition> Conditions(ExperimentScale scale, int most = int.MaxValue) =>
    [
        .. Sweep.Some([.. Strengths], scale, most).Select(strength => new TrainingCondition(
            strength > 0 ? $"{Name} {Numbers.Format(strength, 3)}" : "no regularization",
            strength,
            settings => strength > 0 ? settings with { Regularizers = [Make(strength)] } : settings)),
    ];

    /// <summary>The strengths and what they are a factor on, for the page.</summary>
    public ExperimentSetting Setting(ExperimentScale scale, int most = int.MaxValue) => new(
        $"{Name} regularization",
        $"{Formula}; strengths "
            + string.Join(", ", Conditions(scale, most).Select(condition => Numbers.Format(condition.Level, 3))),
        Origin.Chosen);

    /// <summary>The complexity over the strengths, which a symmetric logarithm shows together with none.</summary>
    public Chart Panel(RichText title, IReadOnlyList<ComplexityRun> runs, Axis y, Func<ComplexityRun, double> quantity) =>
        runs.Ends(title, new Axis($"{Name}: strength", Scale.SymmetricLog), y, quantity);
}
