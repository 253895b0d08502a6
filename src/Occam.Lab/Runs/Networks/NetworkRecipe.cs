using Occam.Networks;

namespace Occam.Lab.Runs.Networks;

/// <summary>How a run comes by its network: one file each in this folder.</summary>
/// <param name="Id">The name in configurations.</param>
public abstract record NetworkRecipe(string Id)
{
    /// <summary>The name in configurations.</summary>
    public string Id { get; } = Id;

    /// <summary>A key whose value is wrong whatever the examples are, and why; null where there is none.</summary>
    internal virtual (string Key, string Why)? Problem() => null;

    /// <summary>Makes the network.</summary>
    /// <exception cref="OccamException">It can't be made for these examples.</exception>
    public abstract Network Make(NetworkRequirements order);
}
