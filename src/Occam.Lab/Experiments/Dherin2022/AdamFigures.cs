using Occam.Lab.Experiments.Contract;
using Occam.Training;
using Occam.Training.Optimizers;

namespace Occam.Lab.Experiments.Dherin2022;

/// <summary>
/// gc-c8: SM C.8 of Dherin et al. 2022, with Adam. Chosen: a fiftieth of the learning rates, which is Adam's usual 0.001 for 0.05.
/// </summary>
internal sealed class AdamFigures() : OptimizerFigures("gc-c8", "With Adam the same mechanisms hold geometric complexity down", "SM C.8")
{
    private protected override string OptimizerName => "Adam (β 0.9 and 0.999)";

    private protected override Optimizer OptimizerFor(double rate) => new Adam(rate / 50);

    // At Adam's smallest rate three seeds can't tell the batches of a laptop apart.
    private protected override double BatchRate(ExperimentScale scale) => scale == ExperimentScale.Laptop ? 0.2 : base.BatchRate(scale);
}
