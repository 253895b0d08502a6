using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using Occam.Data;
using Occam.Networks.Loading;
using Occam.Torch;

namespace Occam.Lab.Measuring.Shards;

/// <summary>By what parts of other networks and of other data are told apart.</summary>
internal static class ShardDigests
{
    private const int ExamplesSeen = 64;

    /// <summary>The digest of the network's file and of those of further weights; where weights lie beside it, of the weights.</summary>
    public static string OfNetwork(LoadedNetwork loaded, MeasuringRequest request)
    {
        string?[] files = [loaded.Path, request.Function.Weights, request.Initial];
        var digest = string.Join('-', files.OfType<string>().Select(TrailingDigest.OfFile));
        return loaded.Network is { } network && new FileInfo(loaded.Path).Length < loaded.ParameterCount
            ? $"{digest}-{OfTensors(network.Parameters.Select(parameter => parameter.Value))}"
            : digest;
    }

    /// <summary>
    /// The digest of the number of examples, their shape and normalization, all answers, and of some examples evenly spread: of data that
    /// are larger than memory, too, it costs next to nothing.
    /// </summary>
    public static string OfData(DataSet data)
    {
        var hash = new XxHash128();
        Add(hash, data);
        foreach (var (name, other) in data.Others.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            hash.Append(Encoding.UTF8.GetBytes(name));
            Add(hash, other);
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    private static void Add(XxHash128 hash, DataSet data)
    {
        hash.Append(Encoding.UTF8.GetBytes($"{data.Count} {string.Join('×', data.ExampleShape)} {data.Classes} {data.Normalization}"));
        hash.Append(MemoryMarshal.AsBytes(data.Labels.AsSpan()));
        hash.Append(MemoryMarshal.AsBytes(data.PositionLabels.AsSpan()));
        hash.Append(MemoryMarshal.AsBytes(data.Targets.AsSpan()));
        var seen = Math.Min(ExamplesSeen, data.Count);
        var example = new double[data.ExampleSize];
        for (var i = 0; i < seen; i++)
        {
            data.CopyInputs([seen == 1 ? 0 : (int)((long)i * (data.Count - 1) / (seen - 1))], example);
            hash.Append(MemoryMarshal.AsBytes(example.AsSpan()));
        }
    }

    private static string OfTensors(IEnumerable<Tensor> tensors)
    {
        var hash = new XxHash128();
        foreach (var tensor in tensors)
        {
            using var scope = Libtorch.NewDisposeScope();
            hash.Append(MemoryMarshal.AsBytes(tensor.Detach().To(ScalarType.Float64).ToArray<double>().AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
