using Occam.Lab.Reports;

namespace Occam.Lab.Experiments.Contract;

/// <summary>A part of an experiment's configuration.</summary>
/// <param name="Name">What is set.</param>
/// <param name="Value">To what.</param>
/// <param name="Origin">Where it comes from.</param>
public sealed record ExperimentSetting(RichText Name, RichText Value, Origin Origin);
