namespace Occam.Networks;

/// <summary>What an input of an operator adds to its output.</summary>
internal enum Offset
{
    /// <summary>It isn't only added: the output multiplies, bends or moves it.</summary>
    None,

    /// <summary>It is only added or taken away, and no layer's bias: a summand, or a shift after normalizing each example.</summary>
    Shift,

    /// <summary>The bias of a layer: added to the output as it is, at every place where a unit repeats over space.</summary>
    Bias,
}
