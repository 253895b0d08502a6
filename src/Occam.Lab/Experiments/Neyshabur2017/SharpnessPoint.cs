namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>What perturbations of one size do, and their KL divergence.</summary>
/// <param name="Alpha">The size.</param>
/// <param name="Sharpness">Expected sharpness.</param>
/// <param name="StandardError">Its standard error.</param>
/// <param name="Kl">α⁻² Σ (w/(10|w| + 1))².</param>
internal sealed record SharpnessPoint(double Alpha, double Sharpness, double StandardError, double Kl);
