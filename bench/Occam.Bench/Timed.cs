namespace Occam.Bench;

/// <summary>A value, the time that it took, how many examples were computed at once, and its standard error where it is random.</summary>
internal sealed record Timed(double Value, double Seconds, int Chunk = 0, double Error = 0);
