namespace Occam.Networks.Loading;

/// <summary>What a network did to its logits at its end, before it was cut off there.</summary>
public enum FinalActivation
{
    /// <summary>Nothing: the output is taken as it is.</summary>
    None,

    /// <summary>A softmax or its logarithm.</summary>
    Softmax,

    /// <summary>A sigmoid.</summary>
    Sigmoid,
}
