using Occam.Lab.Experiments.Contract;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>
/// How all networks of Neyshabur et al. 2017 are trained (Appendix A): cross-entropy, SGD with batches of 64, learning rate
/// 0.01, momentum 0.9, no decay, until the cross-entropy is below a threshold, in the paper 10⁻⁴.
/// </summary>
/// <param name="LossBelow">The threshold, of the mean loss over the training set in evaluation mode.</param>
/// <param name="MostEpochs">The end for those that don't get there.</param>
internal sealed record TrainingRecipe(double LossBelow, long MostEpochs)
{
    /// <summary>The paper's threshold.</summary>
    public const double PaperLoss = 1e-4;

    private const int PaperBatch = 64;
    private const double PaperRate = 0.01;
    private const double Momentum = 0.9;

    /// <summary>Examples a step.</summary>
    public int Batch { get; init; } = PaperBatch;

    /// <summary>The learning rate.</summary>
    public double LearningRate { get; init; } = PaperRate;

    /// <summary>
    /// Whether training goes on until there is no training error either: all the paper's networks make none, and above its threshold a loss
    /// may be low with some.
    /// </summary>
    public bool UntilNoMistake { get; init; }

    /// <summary>Whether a network is as this recipe asks.</summary>
    /// <param name="loss">Its mean cross-entropy over the training set.</param>
    /// <param name="accuracy">Its share of right answers there.</param>
    public bool IsMet(double loss, double accuracy) => loss < LossBelow && (!UntilNoMistake || accuracy == 1);

    /// <summary>When it ends, as it stands in a list.</summary>
    public string End => $"until the cross-entropy is {Numbers.Format(LossBelow)}{(UntilNoMistake ? " without a training error" : "")} or "
        + $"{Numbers.Format(MostEpochs)} epochs";

    /// <summary>The recipe for a seed.</summary>
    public TrainingSettings For(int seed) => new()
    {
        Loss = new CrossEntropy(),
        Optimizer = new Sgd(LearningRate, Momentum),
        BatchSize = Batch,
        Epochs = MostEpochs,
        Seed = seed,
    };

    /// <summary>The recipe in the page's list of settings.</summary>
    public IEnumerable<ExperimentSetting> Described() =>
    [
        new("loss", "cross-entropy, natural logarithm", Origin.Stated),
        new("optimizer", $"SGD, learning rate {LearningRate}, momentum {Momentum}, no weight decay, no augmentation",
            LearningRate == PaperRate ? Origin.Stated : Origin.Run),
        new("batch", (long)Batch, Batch == PaperBatch ? Origin.Stated : Origin.Run),
        new(
            "end of training",
            $"training cross-entropy below {Numbers.Format(LossBelow)}{(UntilNoMistake ? ", and no training error" : "")}",
            LossBelow == PaperLoss && !UntilNoMistake ? Origin.Stated : Origin.Run),
        new("end otherwise", $"{Numbers.Format(MostEpochs)} epochs", Origin.Run),
        new("the training cross-entropy that ends it", "of the whole set in evaluation mode, after an epoch", Origin.Chosen),
        new("initialization", "PyTorch’s: weights and biases uniform within ±1/√fan-in", Origin.Chosen),
        new("inputs", "normalized by channel as is usual for the set", Origin.Chosen),
    ];
}
