using System.Collections.Immutable;

namespace Occam.Lab.Explaining;

/// <summary>(h/4)‖∇_θ L_B‖², what a step of size h adds to the loss that it follows, and its parts (Dherin et al. 2022, eq. 6–8).</summary>
/// <param name="Total">(h/4)‖∇_θ L_B‖², the sum of the parts.</param>
/// <param name="GradientNorms">The part of the outputs' gradients: h/4 · 1/B² Σ_{x,i} (ε_x^i)² ‖∇_θ f^i(x)‖². Through it goes the pressure
/// on geometric complexity.</param>
/// <param name="LabelAlignment">(h/4) A_B: how much an example's outputs pull together.</param>
/// <param name="BatchAlignment">(h/4) C_B: how much the examples of a batch pull together.</param>
/// <param name="Notes">What has to be known of them.</param>
public sealed record ImplicitTerms(
    Uncertain Total, Uncertain GradientNorms, Uncertain LabelAlignment, Uncertain BatchAlignment, ImmutableArray<string> Notes);
