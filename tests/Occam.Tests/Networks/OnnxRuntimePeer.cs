using Microsoft.ML.OnnxRuntime;
using Occam.Networks;
using Occam.Networks.Onnx;
using Occam.Tests.Networks.Operators;
using Occam.Torch;
using RunOptions = Microsoft.ML.OnnxRuntime.RunOptions;

namespace Occam.Tests.Networks;

/// <summary>What ONNX Runtime computes of an ONNX file: an answer independent of Occam, of libtorch and of PyTorch.</summary>
internal static class OnnxRuntimePeer
{
    /// <summary>The first output of a file's network, in float64.</summary>
    /// <param name="path">The file.</param>
    /// <param name="x">The input, in any type; it is handed over in the type that the file asks for.</param>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime can't run it, or holds that the file is wrong.</exception>
    public static Tensor Run(string path, Tensor x)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        using var session = new InferenceSession(path, options);
        var input = session.InputNames[0];
        using var value = session.InputMetadata[input].ElementType == typeof(double) ? Value<double>() : Value<float>();
        using var run = new RunOptions();
        using var outputs = session.Run(run, [input], [value], [session.OutputNames[0]]);
        var shape = outputs[0].GetTensorTypeAndShape();
        return shape.ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Double
            ? Tensor.FromArray(outputs[0].GetTensorDataAsSpan<double>().ToArray(), shape.Shape)
            : Tensor.FromArray(outputs[0].GetTensorDataAsSpan<float>().ToArray(), shape.Shape).To(ScalarType.Float64);

        OrtValue Value<T>()
            where T : unmanaged
        {
            var type = typeof(T) == typeof(float) ? ScalarType.Float32 : ScalarType.Float64;
            return OrtValue.CreateTensorValueFromMemory(x.To(type).ToArray<T>(), [.. x.Shape]);
        }
    }

    /// <summary>Writes a network in float32, and holds what ONNX Runtime makes of the file against what Occam makes of it.</summary>
    public static void Agrees(Network network, Tensor x)
    {
        using TemporaryFolder folder = new();
        var graph = network.To(ScalarType.Float32, Device.Cpu).Graph;
        OnnxWriter.Write(graph with
        {
            Input = graph.Input with { Type = ScalarType.Float32 },
            Outputs = [.. graph.Outputs.Select(output => output with { Type = ScalarType.Float32, Shape = default })],
        }, folder.File("network.onnx"));
        Agrees(folder.File("network.onnx"), x);
    }

    /// <summary>Holds what ONNX Runtime makes of a file against what Occam makes of it.</summary>
    public static void Agrees(string path, Tensor x)
    {
        var network = new Network(OnnxReader.Read(path));
        var actual = network.Run(x.To(network.Type), [network.Output])[network.Output].To(ScalarType.Float64);
        Close.Equal(Run(path, x), actual, 1e-4);
    }
}
