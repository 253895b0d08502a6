namespace Occam.Networks.Builders;

/// <summary>How a multi-layer perceptron begins.</summary>
public enum FirstLayer
{
    /// <summary>With a dense layer like the others.</summary>
    Dense,

    /// <summary>With a dense layer whose weights start as the identity.</summary>
    Identity,

    /// <summary>With a trained shift of the input: a dense layer whose weights are the identity for good.</summary>
    Shift,
}
