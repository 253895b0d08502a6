namespace Occam.Data;

/// <summary>What verifying a file of a named data set found.</summary>
public enum FileState
{
    /// <summary>Its checksum agrees.</summary>
    Correct,

    /// <summary>Its checksum differs, or it can't be unpacked.</summary>
    Different,

    /// <summary>It is under none of the data roots.</summary>
    Missing,

    /// <summary>It is there, but no checksum of it is on record.</summary>
    Unknown,
}
