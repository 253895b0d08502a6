namespace Occam.Bench;

/// <summary>A value, the time that it took, and how many examples were computed at once.</summary>
internal sealed record Timed(double Value, double Seconds, int Chunk = 0);
