using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Occam.Data;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Tests.Networks.Operators;
using Occam.Torch;
using Xunit;
using RunOptions = Microsoft.ML.OnnxRuntime.RunOptions;
using Tensor = Occam.Torch.Tensor;

namespace Occam.Tests.Networks;

/// <summary>What ONNX Runtime computes of an ONNX file: an answer independent of Occam, of libtorch and of PyTorch.</summary>
internal static class OnnxRuntimePeer
{
    /// <summary>Every output of a file's network, by name and in the type that the file declares; of floating-point ones float32 and
    /// float64 alone.</summary>
    /// <param name="path">The file.</param>
    /// <param name="arrays">An array for each input, of any type that holds the one that the file asks for.</param>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime can't run it, or holds that the file is wrong.</exception>
    public static IReadOnlyDictionary<string, NumberArray> Run(string path, IReadOnlyDictionary<string, NumberArray> arrays)
    {
        using var options = Options();
        using var session = new InferenceSession(path, options);
        var inputs = session.InputNames.ToDictionary(name => name, name => Value(arrays[name], session.InputMetadata[name].ElementType));
        using var run = new RunOptions();
        using var outputs = session.Run(run, inputs, session.OutputNames);
        var found = session.OutputNames.Zip(outputs).ToDictionary(pair => pair.First, pair => Array(pair.Second));
        foreach (var input in inputs.Values)
        {
            input.Dispose();
        }

        return found;
    }

    /// <summary>Holds what ONNX Runtime makes of a file of any inputs and outputs against what <see cref="RunnableModel"/> does.</summary>
    public static void Agrees(string path, IReadOnlyDictionary<string, NumberArray> arrays)
    {
        var expected = Run(path, arrays);
        var actual = RunnableModel.Load(path).Run(arrays);
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        Assert.All(expected, pair =>
        {
            Assert.Equal(pair.Value.ElementType, actual[pair.Key].ElementType);
            Close.Equal(Wide(pair.Value), Wide(actual[pair.Key]), 1e-4);
        });
        static Tensor Wide(NumberArray array) => Tensor.FromArray(array.ToArray<double>(), [.. array.Shape.Select(size => (long)size)]);
    }

    /// <summary>Does so for every network of a folder beside which there are arrays for its inputs: NAME.onnx, NAME.npz.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="others">The networks whose arrays are not as the file has them: the examples in another dimension, or more of
    /// them.</param>
    public static void AgreesOnAll(string folder, params string[] others)
    {
        string[] files = [.. Directory.EnumerateFiles(folder, "*.onnx").Where(file => File.Exists(Path.ChangeExtension(file, ".npz"))
            && !others.Contains(Path.GetFileNameWithoutExtension(file)))];
        Assert.NotEmpty(files);
        Assert.All(files, file =>
        {
            var data = Path.ChangeExtension(file, ".npz");
            var names = RunnableModel.Load(file).Match(NpzFile.Names(data), data);
            var arrays = NpzFile.Read(data, [.. names.Values]);
            Agrees(file, names.ToDictionary(pair => pair.Key, pair => arrays[pair.Value]));
        });
    }

    /// <summary>The first output of a file's network, in float64.</summary>
    /// <param name="path">The file.</param>
    /// <param name="x">The input, in any type; it is handed over in the type that the file asks for.</param>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime can't run it, or holds that the file is wrong.</exception>
    public static Tensor Run(string path, Tensor x)
    {
        using var options = Options();
        using var session = new InferenceSession(path, options);
        var input = session.InputNames[0];
        using var value = session.InputMetadata[input].ElementType == typeof(double) ? Value<double>() : Value<float>();
        using var run = new RunOptions();
        using var outputs = session.Run(run, [input], [value], [session.OutputNames[0]]);
        var shape = outputs[0].GetTensorTypeAndShape();
        return shape.ElementDataType == TensorElementType.Double
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

    private static SessionOptions Options() => new()
    {
        IntraOpNumThreads = 1,
        LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
    };

    private static OrtValue Value(NumberArray array, Type type)
    {
        long[] shape = [.. array.Shape.Select(size => (long)size)];
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Single => OrtValue.CreateTensorValueFromMemory(array.ToArray<float>(), shape),
            TypeCode.Double => OrtValue.CreateTensorValueFromMemory(array.ToArray<double>(), shape),
            TypeCode.Int32 => OrtValue.CreateTensorValueFromMemory(array.ToArray<int>(), shape),
            TypeCode.Int64 => OrtValue.CreateTensorValueFromMemory(array.ToArray<long>(), shape),
            TypeCode.Byte => OrtValue.CreateTensorValueFromMemory(array.ToArray<byte>(), shape),
            TypeCode.SByte => OrtValue.CreateTensorValueFromMemory(array.ToArray<sbyte>(), shape),
            TypeCode.Boolean => OrtValue.CreateTensorValueFromMemory(
                System.Array.ConvertAll(array.ToArray<byte>(), number => number != 0), shape),
            _ => throw new NotSupportedException($"no input of {type}"),
        };
    }

    private static NumberArray Array(OrtValue value)
    {
        var shape = value.GetTensorTypeAndShape();
        int[] sizes = [.. shape.Shape.Select(size => (int)size)];
        return shape.ElementDataType switch
        {
            TensorElementType.Float => new(value.GetTensorDataAsSpan<float>().ToArray(), sizes),
            TensorElementType.Double => new(value.GetTensorDataAsSpan<double>().ToArray(), sizes),
            TensorElementType.Int32 => new(value.GetTensorDataAsSpan<int>().ToArray(), sizes),
            TensorElementType.Int64 => new(value.GetTensorDataAsSpan<long>().ToArray(), sizes),
            TensorElementType.UInt8 => new(value.GetTensorDataAsSpan<byte>().ToArray(), sizes),
            TensorElementType.Int8 => new(value.GetTensorDataAsSpan<sbyte>().ToArray(), sizes),
            TensorElementType.Bool => new(value.GetTensorDataAsSpan<bool>().ToArray(), sizes),
            var type => throw new NotSupportedException($"no output of {type}"),
        };
    }
}
