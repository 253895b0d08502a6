namespace Occam;

/// <summary>On which side of what is meant a number lies for certain.</summary>
public enum BoundSide
{
    /// <summary>It isn't above it.</summary>
    Lower,

    /// <summary>It isn't below it.</summary>
    Upper,
}
