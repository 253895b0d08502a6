using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Torch;

namespace Occam.Lab.Runs.Networks;

/// <summary>A network out of an ONNX file, whose weights are where the training starts. Its nodes are those of the file.</summary>
/// <param name="Path">The file.</param>
public sealed record FileRecipe(string Path) : NetworkRecipe("file")
{
    /// <inheritdoc/>
    public override Network Make(NetworkRequirements order)
    {
        var loaded = NetworkLoader.Load(Path);
        return loaded.FixedBatch is { } batch ? throw new OccamException(
            $"'{Path}' takes {batch} examples at a time, and no other number can be trained with: export it with a batch of any size")
            : loaded.AsWritten?.To(order.Type, Device.Cpu)
                ?? throw new OccamException($"'{Path}' is TorchScript, a black box that can't be trained: export it to ONNX");
    }
}
