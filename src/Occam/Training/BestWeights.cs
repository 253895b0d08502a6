using Occam.Networks;
using Occam.Torch;

namespace Occam.Training;

/// <summary>Keeps the stored numbers of a network in a checkpoint, beside those of the training.</summary>
internal static class BestWeights
{
    /// <summary>What the names of its arrays begin with.</summary>
    public const string Prefix = "best.weight.";

    public static void Save(StateArchive archive, Network network)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        foreach (var (name, tensor) in network.Graph.Initializers.Where(pair => pair.Value.IsFloatingPoint))
        {
            archive.Write(Prefix + name, tensor.To(Device.Cpu).To(ScalarType.Float64).Contiguous().ToArray<double>());
        }
    }

    public static Network Load(StateArchive archive, Network like)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        if (archive.Names.FirstOrDefault(name => name.StartsWith(Prefix, StringComparison.Ordinal)
            && !like.Graph.Initializers.ContainsKey(name[Prefix.Length..])) is { } other)
        {
            throw StateArchive.Refused(other, "the network has no such numbers");
        }

        return like.WithInitializers(like.Graph.Initializers.Where(pair => pair.Value.IsFloatingPoint).Select(pair =>
        {
            var (name, stored) = pair;

            // Ordered in memory as a training orders them, on which a convolution's rounding depends.
            var value = stored.Clone().CopyInPlace(Tensor.FromArray(archive.Read<double>(Prefix + name, stored.Elements), stored.Shape));
            return KeyValuePair.Create(name, value.Alias().DetachFromDisposeScope());
        }));
    }
}
