using System.Collections.Immutable;

namespace Occam.Measures.Graphs;

/// <summary>An integral over the feature polytope.</summary>
internal sealed record Integral(double Value, double StandardError, bool Exact, double Volume, int Pieces, ImmutableArray<string> Notes);
