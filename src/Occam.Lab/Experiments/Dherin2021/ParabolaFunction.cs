using System.Collections.Immutable;

namespace Occam.Lab.Experiments.Dherin2021;

/// <summary>The learned function of gor-1 after a number of steps, exactly: the corners of its graph, and its values at the data.</summary>
public sealed record ParabolaFunction(long Step, ImmutableArray<double> X, ImmutableArray<double> Y, ImmutableArray<double> Predictions);
