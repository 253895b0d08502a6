namespace Occam.Measures.Sharpness;

/// <summary>What a measure does with the weights, which decides how much memory it takes beside them.</summary>
internal enum WeightUse
{
    /// <summary>They move from step to step: at a point of their own.</summary>
    Moved,

    /// <summary>
    /// Noise is added to them, one draw after the other. Of a large network on the CPU it is made for a tensor at a time, where a node
    /// takes it, and nothing of the weights' size is kept.
    /// </summary>
    Noisy,

    /// <summary>They stay as they are.</summary>
    Fixed,
}
