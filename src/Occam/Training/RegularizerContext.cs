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
    Generator Generator);
