namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// gc-3-spectral: spectral regularization (stated: λ/2 Σ σ_max(W)²), of a convolution's weight as a matrix, as Yoshida and Miyato published
/// it. Strengths chosen: 0, 1e-3, 5e-3, 0.01, 0.05.
/// </summary>
internal sealed class SpectralRegularization() : RegularizedResNet(
    "gc-3-spectral",
    "Spectral regularization lowers the geometric complexity of ResNet-18")
{
    private protected override RegularizerSweep RegularizerSweep => RegularizerSweep.Spectral;

    private protected override string Rationale =>
        "The product of the spectral norms bounds the Lipschitz constant, and that the complexity (eq. 3).";
}
