using System.Collections.Immutable;
using System.IO.Enumeration;
using Occam.Data;
using Occam.Networks;

namespace Occam.Training;

/// <summary>How a network is trained. Together with the network and the data it determines the run, bit for bit.</summary>
public sealed record TrainingSettings
{
    /// <summary>What is minimized, as a mean over the batch.</summary>
    public required Loss Loss { get; init; }

    /// <summary>How the parameters move.</summary>
    public required Optimizer Optimizer { get; init; }

    /// <summary>How the learning rate changes.</summary>
    public Schedule Schedule { get; init; } = new Schedules.Constant();

    /// <summary>Examples a step; all of them when left out.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Whether the examples of a step are drawn from all; otherwise each comes once an epoch, in random order.</summary>
    public bool Replacement { get; init; }

    /// <summary>Steps of the run; or give <see cref="Epochs"/>.</summary>
    public long? Steps { get; init; }

    /// <summary>Epochs of the run; with replacement an epoch is as many steps as draw as many examples as there are.</summary>
    public long? Epochs { get; init; }

    /// <summary>The seed of everything random in the training: order, noise, augmentation, dropout. The weights have begun before.</summary>
    public int Seed { get; init; }

    /// <summary>Names of parameters that don't move; <c>*</c> stands for any letters.</summary>
    public ImmutableArray<string> Frozen { get; init; } = [];

    /// <summary>Labels replaced at random.</summary>
    public LabelNoise? LabelNoise { get; init; }

    /// <summary>The standard deviation of normal noise added to every input of every step.</summary>
    public double InputNoise { get; init; }

    /// <summary>Random crops and flips.</summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>Dropout as in Theorem 3 of Loukas et al. 2021, after the forward pass, where the network has dropout.</summary>
    public bool DropoutAfterForward { get; init; }

    /// <summary>What is added to the loss.</summary>
    public ImmutableArray<Regularizer> Regularizers { get; init; } = [];

    /// <summary>When to stop before the end.</summary>
    public StopConditions Stop { get; init; } = new();

    /// <summary>Whether the trajectory of the biases is followed, step by step.</summary>
    public bool Trajectory { get; init; }

    /// <summary>Steps of a window of the trajectory; an epoch when left out.</summary>
    public long? TrajectoryWindow { get; init; }

    /// <summary>Whether small dense networks are trained by the managed kernel, which gives the same up to rounding, sooner.</summary>
    public bool ManagedKernel { get; init; } = true;

    /// <summary>Whether a parameter stays as it is.</summary>
    public bool IsFrozen(string name) => Frozen.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));

    /// <summary>Everything that is wrong with these settings for a network and data, all at once.</summary>
    public IEnumerable<string> Problems(Network network, DataSet data)
    {
        string?[] found =
        [
            Optimizer.Refuse(),
            Schedule.Refuse(),
            LabelNoise?.Refuse(),
            LabelNoise is not null && data.Labels is null ? "labels can't be replaced at random where the data have none" : null,
            Augmentation?.Refuse(data.ExampleShape),
            Stop.Refuse(),
            BatchSize is null or > 0 ? null : $"a batch of {BatchSize} examples can't be: give at least 1",
            Steps is null == Epochs is null ? "give the length of the training either in steps or in epochs" : null,
            Steps is null or >= 0 ? null : $"a training of {Steps} steps can't be: give 0 or more",
            Epochs is null or >= 0 ? null : $"a training of {Epochs} epochs can't be: give 0 or more",
            InputNoise is >= 0 and < double.PositiveInfinity ? null : $"input noise of {InputNoise} can't be: give 0 or a positive number",
            TrajectoryWindow is null or > 0 ? null : $"a window of {TrajectoryWindow} steps can't be: give at least 1",
            .. Frozen.Where(pattern => !network.Parameters.Any(parameter => FileSystemName.MatchesSimpleExpression(pattern, parameter.Name, ignoreCase: false)))
                .Select(pattern => $"no parameter is called '{pattern}', which is to be frozen: the network has {string.Join(", ", network.Parameters.Select(parameter => parameter.Name).Take(20))}"),
            network.Parameters.Length == 0 ? "the network has no parameters to train" : network.Parameters.All(parameter => IsFrozen(parameter.Name)) ? "all parameters are frozen: nothing is left to train" : null,
            .. Regularizers.Select(regularizer => regularizer.Refuse()),
        ];
        return found.OfType<string>();
    }
}
