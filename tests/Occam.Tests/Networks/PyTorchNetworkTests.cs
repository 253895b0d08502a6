using System.Runtime.InteropServices;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Networks.Loading;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks;

/// <summary>Networks against PyTorch's own, where python3 has torch.</summary>
public sealed class PyTorchNetworkTests
{
    [Fact]
    public void Networks_compute_what_PyTorch_computes()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        using Generator generator = new(1);
        Network resNet = ResNet18.Build(InitializationScheme.PyTorch, generator, 4, type: ScalarType.Float64);
        resNet = resNet.WithInitializers(resNet.Graph.Initializers
            .Where(pair => pair.Key.Contains("running") || pair.Key.Contains("bn"))
            .Select(pair => KeyValuePair.Create(pair.Key, Tensor.Rand(pair.Value.Shape, generator, ScalarType.Float64) + 0.5)));
        Tensor images = Tensor.Randn([3, 3, 32, 32], generator, ScalarType.Float64);
        Tensor vectors = Tensor.Randn([5, 80], generator, ScalarType.Float64);
        Save(folder, images, vectors, resNet);
        var missing = PyTorchPeer.Run("networks.py", folder.Path);
        Assert.SkipWhen(missing is not null, missing ?? "");

        AssertClose(folder, "resnet18", resNet.Forward(images), 1e-12);
        LoadedNetwork script = NetworkLoader.Load(folder.File("script.pt"), new FunctionChoice { IsTrusted = true });
        Assert.Equal((80 * 7) + 7 + 14 + (7 * 3) + 3, script.ParameterCount);
        AssertClose(folder, "script", script.Function.Forward(vectors.To(ScalarType.Float32)), 1e-5);
        AssertClose(folder, "script", script.To(ScalarType.Float64, Device.Cpu).Function.Forward(vectors), 1e-5);
        Assert.Throws<OccamException>(() => script.Function.Forward(images));

        LoadedNetwork reshaping = NetworkLoader.Load(folder.File("reshaping.onnx"));
        Assert.Equal(FinalActivation.Softmax, reshaping.FinalActivation);
        Assert.Null(reshaping.FixedBatch);
        Assert.Equal(2, reshaping.Notes.Length);
        OnnxRuntimePeer.Agrees(folder.File("reshaping.onnx"), vectors.Narrow(0, 0, 1));
        AssertClose(folder, "reshaping", reshaping.Function.Forward(vectors.To(ScalarType.Float32)), 1e-5);
    }

    private static void Save(TemporaryFolder folder, Tensor images, Tensor vectors, Network network)
    {
        Directory.CreateDirectory(folder.File("resnet18"));
        Write("images", images);
        Write("vectors", vectors);
        foreach (var (name, tensor) in network.Graph.Initializers)
        {
            Write($"resnet18/{name}", tensor);
        }

        File.WriteAllLines(
            folder.File("resnet18/index.txt"),
            network.Graph.Initializers.Select(pair => $"{pair.Key} {string.Join(" ", pair.Value.Shape)}"));
        void Write(string name, Tensor tensor) =>
            File.WriteAllBytes(folder.File(name), MemoryMarshal.AsBytes(tensor.ToArray<double>().AsSpan()).ToArray());
    }

    private static void AssertClose(TemporaryFolder folder, string name, Tensor actual, double tolerance)
    {
        double[] expected = MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(folder.File($"{name}.y"))).ToArray();
        Tensor difference = actual.To(ScalarType.Float64).Reshape(-1) - Tensor.FromArray(expected, expected.Length);
        Assert.InRange(difference.Norm().Item() / Math.Sqrt(expected.Sum(x => x * x)), 0, tolerance);
    }
}
