namespace Occam.Lab.Runs.Configuration;

/// <summary>A key that a mapping of a configuration takes.</summary>
/// <param name="Name">The key.</param>
/// <param name="Member">The member's own name.</param>
/// <param name="Type">What stands under it; the type below a nullable one.</param>
/// <param name="IsOptional">Whether it can be left out.</param>
/// <param name="IsParameter">Whether it is given to the constructor.</param>
internal sealed record ConfigurationKey(string Name, string Member, Type Type, bool IsOptional, bool IsParameter);
