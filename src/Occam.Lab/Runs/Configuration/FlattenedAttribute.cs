namespace Occam.Lab.Runs.Configuration;

/// <summary>The keys of the record that stands here are written beside those of the record around it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FlattenedAttribute : Attribute
{
    /// <summary>Members that are no keys.</summary>
    public string[] Without { get; init; } = [];
}
