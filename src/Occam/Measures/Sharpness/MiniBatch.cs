using Occam.Torch;

namespace Occam.Measures.Sharpness;

/// <summary>Some of the examples.</summary>
/// <param name="Indices">Which.</param>
/// <param name="Inputs">They themselves, as the network takes them.</param>
internal sealed record MiniBatch(int[] Indices, Tensor Inputs);
