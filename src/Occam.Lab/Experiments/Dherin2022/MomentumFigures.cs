using Occam.Lab.Experiments.Complexity;
using Occam.Lab.Experiments.Contract;
using Occam.Training;
using Occam.Training.Optimizers;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// gc-c7: SM C.7 of Dherin et al. 2022, with momentum 0.9. Chosen: a tenth of the learning rates, for with momentum μ the steps add up to
/// 1/(1 − μ) of them.
/// </summary>
internal sealed class MomentumFigures() : OptimizerFigures(
    "gc-c7",
    "With momentum the same mechanisms hold geometric complexity down",
    "SM C.7")
{
    private protected override string OptimizerName => "SGD with momentum 0.9";

    private protected override Optimizer OptimizerFor(double rate) => new Sgd(rate / 10, Momentum: 0.9);

    // At a smaller rate the largest batch of a laptop doesn't bring the training loss to zero, which is the claims' premise.
    private protected override double BatchRate(ExperimentScale scale) =>
        scale == ExperimentScale.Laptop ? ResNetTask.LearningRate : base.BatchRate(scale);
}
