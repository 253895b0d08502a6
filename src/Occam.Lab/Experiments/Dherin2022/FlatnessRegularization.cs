namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// gc-3-flatness: flatness regularization, the squared slope of the loss on the batch. Strengths chosen: 0, 1e-3, 5e-3, 0.01, 0.05, 0.1.
/// </summary>
internal sealed class FlatnessRegularization() : RegularizedResNet(
    "gc-3-flatness",
    "Flatness regularization lowers the geometric complexity of ResNet-18")
{
    private protected override RegularizerSweep RegularizerSweep => RegularizerSweep.Flatness;

    private protected override string Rationale => "It is the implicit regularization of a large step, made explicit.";
}
