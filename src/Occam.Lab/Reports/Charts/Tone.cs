namespace Occam.Lab.Reports.Charts;

/// <summary>A series' colour; the page has one for light and one for dark of each.</summary>
public enum Tone
{
    /// <summary>The next free one, the same for all marks of one name.</summary>
    Automatic,

    /// <summary>Blue.</summary>
    Blue,

    /// <summary>Red.</summary>
    Red,

    /// <summary>Green.</summary>
    Green,

    /// <summary>Orange.</summary>
    Orange,

    /// <summary>Purple.</summary>
    Purple,

    /// <summary>Teal.</summary>
    Teal,

    /// <summary>Pink.</summary>
    Pink,

    /// <summary>Gray, for what is only compared with.</summary>
    Gray,

    /// <summary>The colour of the text.</summary>
    Ink,
}
