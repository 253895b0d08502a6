namespace Occam.Measures;

/// <summary>A quantity at one layer.</summary>
/// <param name="Name">The layer's node.</param>
/// <param name="Value">The quantity.</param>
/// <param name="StandardError">Its standard error; 0 where it is exact.</param>
public sealed record LayerValue(string Name, double Value, double StandardError = 0);
