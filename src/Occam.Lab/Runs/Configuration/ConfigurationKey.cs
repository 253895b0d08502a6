using System.Reflection;

namespace Occam.Lab.Runs.Configuration;

/// <summary>A key that a mapping of a configuration takes.</summary>
/// <param name="Name">The key.</param>
/// <param name="Member">The member's own name.</param>
/// <param name="Type">What stands under it; the type below a nullable one.</param>
/// <param name="IsOptional">Whether it can be left out.</param>
/// <param name="IsParameter">Whether it is given to the constructor.</param>
/// <param name="Owner">The record whose member it is.</param>
/// <param name="Holder">The property that holds the owner, where that is flattened into the record around it.</param>
internal sealed record ConfigurationKey(
    string Name, string Member, Type Type, bool IsOptional, bool IsParameter, Type Owner, PropertyInfo? Holder = null);
