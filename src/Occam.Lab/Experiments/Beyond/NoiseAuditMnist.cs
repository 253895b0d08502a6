using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Experiments.Beyond;

/// <summary>beyond-audit-mnist: wrong labels among digits, learned by a perceptron.</summary>
internal sealed class NoiseAuditMnist() : NoiseAudit(
    "beyond-audit-mnist", "The scores of an audit find wrong labels among MNIST’s", "mnist")
{
    private protected override NoiseAuditTask Task(ExperimentScale scale) => scale switch
    {
        ExperimentScale.Smoke => new("mnist", 8, 40, 10, 2, 2),
        ExperimentScale.Laptop => new("mnist", 128, 1_000, 80, 10, 5),
        _ => new("mnist", 500, 10_000, 100, 20, 10),
    };
}
