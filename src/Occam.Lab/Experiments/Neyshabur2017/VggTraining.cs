using Occam.Data;
using Occam.Lab.Experiments.Contract;
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
    public static VggTraining Laptop { get; } = new(new VggRecipe { Width = 1.0 / 8, Dropout = 0 }, new TrainingRecipe(1e-2, 150));

    /// <summary>The paper's network; how often it drops, it doesn't say.</summary>
    public static VggTraining Paper { get; } = new(new VggRecipe(), new TrainingRecipe(TrainingRecipe.PaperLoss, 2_000));

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

    /// <summary>Both in the page's list of settings.</summary>
    public IEnumerable<ExperimentSetting> Described() =>
    [
        new("network", "VGG: four stacks of two 3×3 convolutions with 64, 128, 256 and 512 channels, batch normalization before ReLU, "
            + "2×2 max-pooling after each stack but the last, 4×4 average pooling, 512 units, a linear layer", Origin.Stated),
        new("width, of the paper’s channels and units", Width, Width == 1 ? Origin.Stated : Origin.Run),
        new("dropout after each stack", Recipe.Dropout, Width == 1 ? Origin.Chosen : Origin.Run),
        .. Training.Described(),
    ];
}
