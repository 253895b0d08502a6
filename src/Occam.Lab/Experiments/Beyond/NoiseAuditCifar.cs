using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Experiments.Beyond;

/// <summary>beyond-audit-cifar: wrong labels among pictures, learned by a convolutional network.</summary>
internal sealed class NoiseAuditCifar() : NoiseAudit(
    "beyond-audit-cifar", "The scores of an audit find wrong labels among CIFAR-10’s", "cifar10")
{
    private protected override NoiseAuditTask Task(ExperimentScale scale) => scale switch
    {
        ExperimentScale.Smoke => new("cifar10", 2, 30, 4, 2, 2),
        ExperimentScale.Laptop => new("cifar10", 16, 1_000, 60, 10, 3),
        _ => new("cifar10", 64, 10_000, 100, 20, 10),
    };
}
