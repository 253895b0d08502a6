using Occam.Torch;

namespace Occam.Networks.Builders;

/// <summary>How a parameter gets its first value.</summary>
/// <param name="shape">Its shape.</param>
/// <param name="fanIn">How many inputs each unit of the layer has.</param>
/// <param name="fanOut">How many outputs each input of the layer goes to.</param>
/// <param name="generator">Where random numbers come from.</param>
/// <returns>The value, in float64.</returns>
public delegate Tensor Initializer(long[] shape, long fanIn, long fanOut, Generator generator);
