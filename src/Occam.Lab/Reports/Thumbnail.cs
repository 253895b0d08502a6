namespace Occam.Lab.Reports;

/// <summary>A small image and what it is.</summary>
public sealed record Thumbnail(Picture Picture, RichText Caption);
