using Occam.Networks;
using Occam.Torch;

namespace Occam.Training;

/// <summary>What a regularizer sees of a step.</summary>
/// <param name="Network">The network, whose stored parameters are those before the training.</param>
/// <param name="Parameters">The parameters of now by name, recorded by autograd; frozen ones are in the network.</param>
/// <param name="Inputs">The batch as the network takes it, recorded by autograd.</param>
/// <param name="Targets">The batch's targets: batch × 1 classes, or batch × k.</param>
/// <param name="Logits">The network's output on the batch, batch × k, recorded.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Options">How the network was run: training mode.</param>
/// <param name="Generator">The regularizers' own source of random numbers.</param>
public sealed record RegularizerContext(
    Network Network,
    IReadOnlyDictionary<string, Tensor> Parameters,
    Tensor Inputs,
    Tensor Targets,
    Tensor Logits,
    Loss Loss,
    RunOptions Options,
    Generator Generator)
{
    /// <summary>The same network as it is computed, in bfloat16 in mixed precision, where all else here is in single precision.</summary>
    public Network Computing { get; init; } = Network;

    /// <summary>The running statistics of now by name, where they aren't the network's stored ones.</summary>
    public IReadOnlyDictionary<string, Tensor> Statistics { get; init; } = new Dictionary<string, Tensor>();

    /// <summary>Draws another batch of as many examples, inputs and targets like this one's.</summary>
    public required Func<(Tensor Inputs, Tensor Targets)> Fresh { get; init; }

    /// <summary>Runs the network of now on some inputs.</summary>
    /// <param name="inputs">Batch × example.</param>
    /// <param name="value">The value that is wanted; the output when left out.</param>
    /// <param name="options">How; as the batch was run when left out.</param>
    /// <returns>Batch × anything, flattened; recorded.</returns>
    public Tensor Run(Tensor inputs, string? value = null, RunOptions? options = null)
    {
        var wanted = value ?? Network.Output;
        var given = Parameters.ToDictionary(parameter => parameter.Key, parameter => parameter.Value.To(Computing.Type));
        given[Network.Graph.Input.Name] = inputs.To(Computing.Type);
        foreach (var (name, statistic) in Statistics)
        {
            given[name] = statistic;
        }

        return Computing.Run(given, [wanted], options ?? Options)[wanted].To(Network.Type).AsRows();
    }
}
