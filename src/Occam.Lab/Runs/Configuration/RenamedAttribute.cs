namespace Occam.Lab.Runs.Configuration;

/// <summary>A member of a flattened record has another key than its own name.</summary>
/// <param name="member">The member's name.</param>
/// <param name="key">Its key.</param>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
internal sealed class RenamedAttribute(string member, string key) : Attribute
{
    /// <summary>The member's name.</summary>
    public string Member => member;

    /// <summary>Its key.</summary>
    public string Key => key;
}
