using System.Collections.Immutable;

namespace Occam.Lab.Runs.Query;

/// <summary>A table of values: texts, whole numbers (long), numbers (double), truth values, and null.</summary>
/// <param name="Columns">The columns' names.</param>
/// <param name="Rows">The rows.</param>
public sealed record QueryResult(ImmutableArray<string> Columns, ImmutableArray<ImmutableArray<object?>> Rows);
