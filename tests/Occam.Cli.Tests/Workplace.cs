using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Occam.Cli.Running;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Networks.Onnx;
using Occam.Torch;

namespace Occam.Cli.Tests;

/// <summary>A folder with networks and data in it, in which command lines are run. Gone afterwards.</summary>
public sealed class Workplace : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("occam-cli-");

    /// <summary>The squared Frobenius norm of <see cref="Linear"/>'s matrix.</summary>
    public const double SquaredNorm = 30;

    public IEnumerable<string> Files => _folder.EnumerateFiles().Select(file => file.Name).Order();

    public void Dispose() => _folder.Delete(recursive: true);

    public string In(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Runs the program in this process.</summary>
    public static Outcome Run(params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var code = CommandLine.Run(arguments, new Session(output, error));
        return new Outcome(code, output.ToString(), error.ToString());
    }

    /// <summary>y = factor · ((1 2), (3 4)) x, and the softmax of it.</summary>
    public string Linear(string name = "linear.onnx", float factor = 1)
    {
        float[] weights = [factor, 2 * factor, 3 * factor, 4 * factor];
        return Write(
            name, [Node("Gemm", ["x", "w"], "y", ("transB", 1L)), Node("Softmax", ["y"], "p")], ("w", Tensor.FromArray(weights, 2, 2)));
    }

    /// <summary>2 → 8 → 2 with an activation, of random weights.</summary>
    public string Mlp(string name = "mlp.onnx", string activation = "Relu", ulong seed = 1)
    {
        using var generator = new Generator(seed);
        return Write(
            name,
            [Node("Gemm", ["x", "w1"], "h", ("transB", 1L)), Node(activation, ["h"], "a"), Node("Gemm", ["a", "w2"], "y", ("transB", 1L))],
            ("w1", Tensor.Randn([8, 2], generator)),
            ("w2", Tensor.Randn([2, 8], generator)));
    }

    /// <summary>A safetensors file of two matrices, 60 × 80 and 2 × 3, and a vector.</summary>
    public string Weights(string name, int seed)
    {
        var random = new SeededRandom(seed);
        (string Name, int[] Shape)[] tensors = [("a.weight", [60, 80]), ("b.weight", [2, 3]), ("bias", [4])];
        var end = 0;
        var entries = tensors.Select(tensor =>
        {
            var begin = end;
            end += 4 * tensor.Shape.Aggregate((product, size) => product * size);
            return $"\"{tensor.Name}\":{{\"dtype\":\"F32\",\"shape\":[{string.Join(',', tensor.Shape)}],\"data_offsets\":[{begin},{end}]}}";
        }).ToArray();
        var header = Encoding.UTF8.GetBytes($"{{{string.Join(',', entries)}}}");
        File.WriteAllBytes(In(name),
        [
            .. BitConverter.GetBytes((long)header.Length), .. header,
            .. Enumerable.Range(0, end / 4).SelectMany(_ => BitConverter.GetBytes((float)random.NextGaussian())),
        ]);
        return In(name);
    }

    /// <summary>784 → 8 → 10, of random weights: so many outputs that a few directions are an estimate.</summary>
    public string Digits(string name = "digits.onnx")
    {
        using var generator = new Generator(1);
        OnnxWriter.Write(Networks.Builders.Mlp.Build([784, 8, 10], "relu", InitializationScheme.He, generator).Graph, In(name));
        return In(name);
    }

    /// <summary>Points of the plane in a .npz, with labels 0 and 1 where asked for.</summary>
    public string Points(string name = "points.npz", int count = 5, bool labels = true)
    {
        var x = Enumerable.Range(0, 2 * count).SelectMany(i => BitConverter.GetBytes((float)Math.Sin(i)));
        var y = Enumerable.Range(0, count).SelectMany(i => BitConverter.GetBytes((long)(i % 2)));
        using var archive = new ZipArchive(File.Create(In(name)), ZipArchiveMode.Create);
        Add(archive, "x", "<f4", $"{count}, 2", [.. x]);
        if (labels)
        {
            Add(archive, "y", "<i8", $"{count},", [.. y]);
        }

        return In(name);
    }

    private static void Add(ZipArchive archive, string name, string type, string shape, byte[] elements)
    {
        var header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({shape}), }}".PadRight(117) + "\n";
        using var entry = archive.CreateEntry(name + ".npy").Open();
        entry.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.Latin1.GetBytes(header), .. elements]);
    }

    private static Node Node(string type, string[] inputs, string output, params (string, object)[] attributes) =>
        new($"{type}:{output}", type, "", [.. inputs], [output], Attributes.Of(attributes));

    private string Write(string name, Node[] nodes, params (string Name, Tensor Value)[] tensors)
    {
        OnnxWriter.Write(
            new Graph
            {
                Opset = 17,
                Input = new ValueInfo("x", ScalarType.Float32, [null, 2]),
                Outputs = [new ValueInfo(nodes[^1].Output, ScalarType.Float32, default)],
                Nodes = [.. nodes],
                Initializers = tensors.ToImmutableDictionary(pair => pair.Name, pair => pair.Value),
            },
            In(name));
        return In(name);
    }

    /// <summary>What a run of the program left.</summary>
    public sealed record Outcome(int Code, string Output, string Error)
    {
        public JsonElement Json => JsonDocument.Parse(Output).RootElement;
    }
}
