using Occam.Networks;

namespace Occam.Lab.Runs.Networks;

/// <summary>How a run comes by its network: one file each in this folder.</summary>
public abstract record NetworkRecipe
{
    /// <summary>The name in configurations.</summary>
    public abstract string Id { get; }

    /// <summary>Makes the network.</summary>
    /// <exception cref="OccamException">It can't be made for these examples.</exception>
    public abstract Network Make(NetworkRequirements order);
}
