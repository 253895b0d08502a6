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
        if (NetworkLoader.IsTorchScript(Path))
        {
            throw new OccamException($"'{Path}' is TorchScript, a black box that can't be trained: export it to ONNX");
        }

        var loaded = NetworkLoader.Load(Path);
        if (loaded.Before is not null || loaded.Inputs.Length > 1 || loaded.Inputs.Any(input => !input.IsFloatingPoint))
        {
            throw new OccamException($"'{Path}' takes {string.Join(", ", loaded.Inputs.Select(input => input.Name))}: training is for "
                + "networks of one floating-point input; measure it as it is, or train it where it comes from");
        }

        return loaded.FixedBatch is { } batch ? throw new OccamException(
            $"'{Path}' takes {batch} examples at a time, and no other number can be trained with: export it with a batch of any size")
            : loaded.AsWritten!.To(order.Type, Device.Cpu);
    }
}
