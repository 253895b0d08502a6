namespace Occam.Lab.Reports.Charts;

/// <summary>A chart of <see cref="SmallMultiples"/> or a frame of <see cref="Frames"/>: its title and its marks.</summary>
public sealed record Panel(string Title, params IReadOnlyList<Mark> Marks);
