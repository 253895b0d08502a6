using System.Collections.Immutable;
using System.IO.Enumeration;
using Occam.Data;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Training;

/// <summary>How a network is trained. Together with the network and the data it determines the run, bit for bit.</summary>
public sealed record TrainingSettings
{
    /// <summary>What is minimized, as a mean over the batch.</summary>
    public required Loss Loss { get; init; }

    /// <summary>How the parameters move.</summary>
    public required Optimizer Optimizer { get; init; }

    /// <summary>How the learning rate changes.</summary>
    public Schedule Schedule { get; init; } = new ConstantSchedule();

    /// <summary>Examples a step; all of them when left out.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Whether the examples of a step are drawn from all; otherwise each comes once an epoch, in random order.</summary>
    public bool Replacement { get; init; }

    /// <summary>The length of the run in steps; or give <see cref="Epochs"/>.</summary>
    public long? Steps { get; init; }

    /// <summary>
    /// The length of the run in epochs; or give <see cref="Steps"/>. With replacement an epoch is as many steps as draw as
    /// many examples as there are.
    /// </summary>
    public long? Epochs { get; init; }

    /// <summary>
    /// The seed of everything random: order, noise, augmentation, dropout, and the first weights of what <c>occam train</c> makes.
    /// </summary>
    public int Seed { get; init; }

    /// <summary>Names of parameters that don't move; <c>*</c> stands for any letters.</summary>
    public ImmutableArray<string> Frozen { get; init; } = [];

    /// <summary>Labels replaced at random.</summary>
    public LabelNoise? LabelNoise { get; init; }

    /// <summary>The standard deviation of normal noise added to every input of every step.</summary>
    public double InputNoise { get; init; }

    /// <summary>Random crops and flips of images.</summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>Dropout after the forward pass, as in Theorem 3 of Loukas et al. 2021, where the network has dropout.</summary>
    public bool DropoutAfterForward { get; init; }

    /// <summary>What is added to the loss.</summary>
    public ImmutableArray<Regularizer> Regularizers { get; init; } = [];

    /// <summary>When to stop before the end.</summary>
    public StopConditions Stop { get; init; } = new();

    /// <summary>Whether the trajectory of the biases is followed, step by step (Loukas et al. 2021, §4); not in mixed precision.</summary>
    public bool Trajectory { get; init; }

    /// <summary>Steps of a window of the trajectory; an epoch when left out.</summary>
    public long? TrajectoryWindow { get; init; }

    /// <summary>Whether small dense networks are trained by the managed kernel, which gives the same up to rounding, sooner.</summary>
    public bool ManagedKernel { get; init; } = true;

    /// <summary>
    /// Whether values and their gradients are computed in bfloat16, while the weights, what the optimizer remembers and
    /// running statistics stay in single precision: bfloat16 holds three digits, in which small steps would be lost.
    /// </summary>
    public bool MixedPrecision { get; init; }

    /// <summary>Whether a parameter stays as it is.</summary>
    internal bool IsFrozen(string name) => Frozen.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));

    /// <summary>What is learned of each of the examples, one after the other; with the label noise that is drawn once.</summary>
    public double[] LearnedTargets(DataSet data)
    {
        var targets = SupervisedExamples.TargetsOf(Loss, data);
        return LabelNoise is { Redrawn: false } noise ? noise.DrawnOnce(targets, data.Classes, Seed) : targets;
    }

    /// <summary>The names of a network's parameters that are trained.</summary>
    public string[] TrainedParameters(Network network) =>
        [.. network.Parameters.Select(parameter => parameter.Name).Where(name => !IsFrozen(name))];

    /// <summary>The regularizers by name: their ids, those of one id distinguished as <c>ID-2</c>, <c>ID-3</c>, …</summary>
    public IEnumerable<(string Name, Regularizer Regularizer)> NamedRegularizers()
    {
        var seen = new Dictionary<string, int>();
        foreach (var regularizer in Regularizers)
        {
            var again = seen[regularizer.Id] = seen.GetValueOrDefault(regularizer.Id) + 1;
            yield return (again > 1 ? $"{regularizer.Id}-{again}" : regularizer.Id, regularizer);
        }
    }

    /// <summary>Everything that is wrong with these settings for a network and data, all at once.</summary>
    public IEnumerable<TrainingProblem> Problems(Network network, DataSet data) =>
        [.. Problems(), .. ProblemsOf(network), .. ProblemsOf(data), .. Misfits(network, data)];

    /// <summary>What is wrong with these settings whatever the network and the data.</summary>
    public IEnumerable<TrainingProblem> Problems()
    {
        (string, string?)[] found =
        [
            (nameof(Optimizer), Optimizer.Problem()),
            (nameof(Schedule), Schedule.Problem()),
            (nameof(LabelNoise), LabelNoise?.Problem()),
            (nameof(Stop), Stop.Problem() ?? (Stop.Accuracy is not null && !Loss.TakesClasses
                ? $"with the loss '{Loss.Id}' there is no accuracy to stop at: stop by the loss, or take cross-entropy"
                : null)),
            (nameof(BatchSize), BatchSize is null or > 0 ? null : $"a batch of {BatchSize} examples can't be: give at least 1"),
            (nameof(Epochs), Steps is null == Epochs is null ? "give the length of the training either in steps or in epochs" : null),
            (nameof(Steps), Steps is null or >= 0 ? null : $"a training of {Steps} steps can't be: give 0 or more"),
            (nameof(Epochs), Epochs is null or >= 0 ? null : $"a training of {Epochs} epochs can't be: give 0 or more"),
            (nameof(InputNoise), InputNoise is >= 0 and < double.PositiveInfinity
                ? null
                : $"input noise of {InputNoise} can't be: give 0 or a positive number"),
            (nameof(Trajectory), Trajectory && MixedPrecision
                ? "the trajectory of the biases is followed to more digits than steps in bfloat16 have: leave one of the two out"
                : null),
            (nameof(TrajectoryWindow), TrajectoryWindow is null or > 0
                ? null
                : $"a window of {TrajectoryWindow} steps can't be: give at least 1"),
            .. Regularizers.Select(regularizer => (nameof(Regularizers), regularizer.Problem())),
        ];
        return Messages(found);
    }

    /// <summary>What of these settings a network can't do.</summary>
    public IEnumerable<TrainingProblem> ProblemsOf(Network network) => Messages(
    [
        .. from pattern in Frozen
           where !network.Parameters.Any(parameter => FileSystemName.MatchesSimpleExpression(pattern, parameter.Name, ignoreCase: false))
           let known = string.Join(", ", network.Parameters.Select(parameter => parameter.Name).Take(20))
           select (nameof(Frozen), (string?)$"no parameter is called '{pattern}', which is to be frozen: the network has {known}"),
        ("Network", network.Type == ScalarType.BFloat16
            ? "weights in bfloat16 lose the small steps of a training: take them in float32 and, for speed, mixed precision"
            : null),
        (nameof(MixedPrecision), MixedPrecision && network.Type == ScalarType.Float64
            ? "mixed precision is for weights in float32, and the network's are in float64"
            : null),
        network.Parameters.Length == 0 ? ("Network", "the network has no parameters to train")
            : (nameof(Frozen), network.Parameters.All(parameter => IsFrozen(parameter.Name))
                ? "all parameters are frozen: nothing is left to train"
                : null),
    ]);

    /// <summary>What of these settings data can't do.</summary>
    public IEnumerable<TrainingProblem> ProblemsOf(DataSet data) => Messages(
    [
        (nameof(LabelNoise), LabelNoise is not null && data.Labels is null
            ? "labels can't be replaced at random where the data have none"
            : null),
        (nameof(Augmentation), Augmentation?.Problem(data.ExampleShape)),
        (nameof(Loss), Loss.TakesClasses && data.Labels is null
            ? $"the loss '{Loss.Id}' needs class labels, and {data.Name} has {(data.Targets is null ? "no answers" : "real targets")}"
            : null),
        ("Data", data.Labels is null && data.Targets is null
            ? $"{data.Name} has neither labels nor targets: there is nothing to learn"
            : null),
    ]);

    // A network that doesn't take the data, or outputs that the loss doesn't.
    private IEnumerable<TrainingProblem> Misfits(Network network, DataSet data)
    {
        if (data.Labels is null && (data.Targets is null || Loss.TakesClasses))
        {
            return [];
        }

        try
        {
            var shape = InputShape.Fit(network.ExampleShape, data);
            using var scope = Libtorch.NewDisposeScope();
            using var grad = Libtorch.NoGrad();
            var computing = MixedPrecision ? network.To(ScalarType.BFloat16, network.Device) : network;
            var outputs = computing.Forward(Tensor.Zeros([2, .. shape], computing.Type, network.Device)).Size(1);
            return Messages(
                [(nameof(Loss), Loss.Problem(data.TargetSize, Loss.TakesClasses || data.Targets is null, data.Classes, outputs))]);
        }
        catch (Exception e) when (e is OccamException or TorchException)
        {
            return [new TrainingProblem("Network", e.Message)];
        }
    }

    private static IEnumerable<TrainingProblem> Messages(IEnumerable<(string Setting, string? Message)> found) =>
        found.Where(pair => pair.Message is not null).Select(pair => new TrainingProblem(pair.Setting, pair.Message!));
}
