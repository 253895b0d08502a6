using System.Collections.Immutable;
using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>Trainings with another optimizer, and how they were made.</summary>
/// <param name="Rates">Over learning rates.</param>
/// <param name="Batches">Over batches.</param>
/// <param name="Regularized">Over the strengths of L2, flatness and spectral regularization, in this order.</param>
internal sealed record OptimizerRuns(
    ImmutableArray<ComplexityRun> Rates, ImmutableArray<ComplexityRun> Batches, ImmutableArray<ImmutableArray<ComplexityRun>> Regularized)
{
    /// <summary>The network, as it stands in a sentence.</summary>
    public string Network { get; init; } = "";

    /// <summary>How they were trained and measured.</summary>
    public ImmutableArray<ExperimentSetting> Settings { get; init; } = [];

    /// <summary>What the reader must know before all else.</summary>
    public ImmutableArray<RichText> Remarks { get; init; } = [];
}
