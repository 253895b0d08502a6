using Occam.Networks;

namespace Occam.Training.Engines;

/// <summary>One step of a chain: h ↦ φ(W h + b), any part of which may be missing.</summary>
/// <param name="Inputs">The numbers of h.</param>
/// <param name="Units">The numbers of the result.</param>
/// <param name="Weight">W; null for the identity.</param>
/// <param name="UnitsFirst">Whether W is stored as units × inputs.</param>
/// <param name="Bias">b.</param>
/// <param name="Function">φ.</param>
internal sealed record DenseStage(int Inputs, int Units, Parameter? Weight, bool UnitsFirst, Parameter? Bias, ElementFunction? Function);
