namespace Occam.Lab.Experiments.Contract;

/// <summary>How a quantity is claimed to follow the groups' order.</summary>
public enum Trend
{
    /// <summary>It rises.</summary>
    Rises,

    /// <summary>It falls.</summary>
    Falls,

    /// <summary>It does not rise: it falls, or stays.</summary>
    DoesNotRise,

    /// <summary>It does not fall: it rises, or stays.</summary>
    DoesNotFall,
}
