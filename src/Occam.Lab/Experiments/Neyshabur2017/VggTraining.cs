using Occam.Data;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Reports;
using Occam.Lab.Runs.Networks;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Lab.Experiments.Neyshabur2017;

/// <summary>The VGG network of Neyshabur et al. 2017 (Appendix A) at a width, and how it is trained.</summary>
/// <param name="Recipe">The network, of which the paper's has width 1.</param>
/// <param name="Training">How it is trained.</param>
internal sealed record VggTraining(VggRecipe Recipe, TrainingRecipe Training)
{
    /// <summary>So that everything is seen to work, in seconds.</summary>
    public static VggTraining Smoke { get; } =
        new(new VggRecipe { Width = 1.0 / 8, Dropout = 0 }, new TrainingRecipe(0.1, 60) { Batch = 8 });

    /// <summary>
    /// What two cores train in minutes, random labels too: without dropout, which a narrow network doesn't learn them with.
    /// </summary>
    public static VggTraining Laptop { get; } =
        new(new VggRecipe { Width = 1.0 / 8, Dropout = 0 }, new TrainingRecipe(1e-2, 150) { UntilNoMistake = true });

    /// <summary>The paper's network; how often it drops, it doesn't say.</summary>
    public static VggTraining Paper { get; } = new(new VggRecipe(), new TrainingRecipe(TrainingRecipe.PaperLoss, 2_000));

    // Multiplications and additions for an image, forwards: 2 × 9 × (1024 (3·64 + 64²) + 256 (64·128 + 128²) + 64 (128·256 + 256²)
    // + 16 (256·512 + 512²)). Backwards takes twice as many.
    private const double PaperForward = 0.42e9;

    // How often a training goes through its images until it has learned random labels, too: a guess.
    private const double PaperEpochs = 100;

    // What two cores do in a second where matrices are large, 100 GFLOP each.
    private const double TwoCores = 2e11;

    /// <summary>What two cores would take at the paper's scale, of its arithmetic alone.</summary>
    /// <param name="images">How many images each training has.</param>
    public static TimeSpan PaperTime(IEnumerable<int> images)
    {
        var (max, expected) = (SharpnessSettings.Paper.Max, SharpnessSettings.Paper.Expected);
        var sharpness = (3.0 * max.Steps * max.Batch) + ((double)expected.Draws * expected.Batch * (expected.Grid!.Count + 1));
        return TimeSpan.FromSeconds(
            images.Sum(count => (3 * PaperEpochs * count) + sharpness) * PaperForward / TwoCores);
    }

    /// <summary>What the channels and hidden units are multiplied by; 1 in the paper.</summary>
    public double Width => Recipe.Width;

    /// <summary>The network at initialization.</summary>
    public Network Network(DataSet data, int seed, Device device)
    {
        using var generator = new Generator((ulong)seed);
        return Recipe
            .Make(new NetworkRequirements([.. data.ExampleShape], data.Classes, generator, ScalarType.Float32))
            .To(ScalarType.Float32, device);
    }

    /// <summary>How large the network is, as it stands in a list.</summary>
    public string Sized => Width == 1 ? "VGG" : $"VGG at {Numbers.Format(Width, 3)} of its width";

    /// <summary>What the reader must know first where this isn't the paper's.</summary>
    /// <param name="images">What else is smaller than in the paper, a clause.</param>
    public IEnumerable<RichText> Remarks(string images) => Width == 1
        ? []
        : [$"The network has {CapacityFigure.Percent(Width)} of the paper’s channels and no dropout, {images}, and trainings end at a "
            + $"cross-entropy of {Numbers.Format(Training.LossBelow)} in place of {Numbers.Format(TrainingRecipe.PaperLoss)}"
                + $"{(Training.UntilNoMistake ? " once there is no training error" : "")}."];

    /// <summary>Both in the page's list of settings.</summary>
    public IEnumerable<ExperimentSetting> Described() =>
    [
        new("network", "VGG: four stacks of two 3×3 convolutions with 64, 128, 256 and 512 channels, batch normalization before ReLU, "
            + "2×2 max-pooling, 4×4 average pooling, 512 units, a linear layer", Origin.Stated),
        new("where max-pooling stands", "after each stack but the last; the paper says after each stack, which leaves 2×2 of 32×32, too "
            + "little for the 4×4 average pooling that it says follows", Origin.Chosen),
        new("width, of the paper’s channels and units", Width, Width == 1 ? Origin.Stated : Origin.Run),
        new("dropout after each stack", Recipe.Dropout, Width == 1 ? Origin.Chosen : Origin.Run),
        .. Training.Described(),
    ];
}
