namespace Occam.Lab.Reports.Charts;

/// <summary>A sequence of charts with the same axes, to be played or stepped through; printed, it shows the last.</summary>
public sealed record Frames(RichText Title, Axis X, Axis Y, params IReadOnlyList<Panel> Sequence) : Figure(Title, X, Y)
{
    /// <summary>The frames, in the order in which they play.</summary>
    public IReadOnlyList<Panel> Sequence { get; init; } = Sequence.Count > 0
        ? Sequence
        : throw new ArgumentException("an animation needs a frame", nameof(Sequence));

    /// <summary>Marks that every frame shows, below its own.</summary>
    public IReadOnlyList<Mark> Always { get; init; } = [];

    private protected override string Layout => "frames";

    private protected override IReadOnlyList<Panel> ShownPanels => Sequence;

    private protected override IReadOnlyList<Mark> ShownAlways => Always;
}
