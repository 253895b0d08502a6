namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>gc-3-l2: L2 regularization, the squared norm of all parameters. Strengths chosen: 0, 1e-5, 1e-4, 5e-4, 1e-3, 5e-3.</summary>
internal sealed class L2Regularization() : RegularizedResNet("gc-3-l2", "L2 regularization lowers the geometric complexity of ResNet-18")
{
    private protected override RegularizerSweep RegularizerSweep => RegularizerSweep.L2;

    private protected override string Rationale =>
        "For an affine function the squared norm of the weights is the complexity; in a network small weights make small products.";
}
