using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using Occam.Data;
using Occam.Networks.Onnx;
using Xunit;
using static Occam.Networks.Onnx.TensorProto.Types;

namespace Occam.Cli.Tests;

/// <summary>
/// A network of 100 million parameters in bfloat16, beside its graph: it is measured in less memory than its float32 numbers take twice.
/// </summary>
public sealed class LargeNetworkTests
{
    private static readonly int[][] s_weights = [[1000, 10_000], [10_000, 9000], [9000, 10]];

    [Fact]
    public async Task Memory_stays_below_twice_the_float32_size()
    {
        Assert.SkipUnless(File.Exists("/proc/self/status"), "The system doesn't tell how much memory a process had.");
        var stop = TestContext.Current.CancellationToken;
        using var place = new Workplace();
        var numbers = s_weights.Sum(shape => (long)shape[0] * shape[1]);
        Assert.True(numbers > 100_000_000);
        Write(place);
        NpzFile.Write(place.In("points.npz"),
        [
            KeyValuePair.Create("x", new NumberArray(Enumerable.Range(0, 20_000).Select(i => MathF.Sin(i)).ToArray(), 20, 1000)),
            KeyValuePair.Create("y", new NumberArray(Enumerable.Range(0, 20).Select(i => i % 10).ToArray(), 20)),
        ]);

        using var program = Process.Start(new ProcessStartInfo("dotnet",
        [
            typeof(CommandLine).Assembly.Location, "measure", place.In("large.onnx"), "--data", place.In("points.npz"),
            "--json", place.In("found.json"),
        ])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var (output, error) = (program.StandardOutput.ReadToEndAsync(stop), program.StandardError.ReadToEndAsync(stop));
        var peak = 0L;
        while (!program.HasExited)
        {
            peak = Math.Max(peak, Peak(program.Id));
            await Task.Delay(20, stop);
        }

        Assert.True(program.ExitCode == 0, await output + await error);
        Assert.Contains("\"geometric-complexity\"", File.ReadAllText(place.In("found.json")));
        Assert.InRange(peak, 4 * numbers, 2 * 4 * numbers);
    }

    // The same 250,000 numbers again and again, with deviations for which signals keep their size.
    private static void Write(Workplace place)
    {
        var random = new Random(1);
        GraphProto graph = new() { Name = "large", Input = { Value("x", s_weights[0][0]) }, Output = { Value("y", s_weights[^1][1]) } };
        using var file = File.Create(place.In("large.bin"));
        var last = "x";
        foreach (var (i, shape) in s_weights.Index())
        {
            var bytes = new byte[500_000];
            for (var at = 0; at < bytes.Length; at += 2)
            {
                var weight = (float)((random.NextDouble() - 0.5) * Math.Sqrt(24.0 / shape[0]));
                BitConverter.TryWriteBytes(bytes.AsSpan(at), (ushort)(BitConverter.SingleToUInt32Bits(weight) >> 16));
            }

            TensorProto tensor = new() { Name = $"w{i}", DataType = (int)DataType.Bfloat16, DataLocation = DataLocation.External };
            tensor.Dims.AddRange(shape.Select(size => (long)size));
            var length = 2L * shape[0] * shape[1];
            foreach (var (key, value) in new[] { ("location", "large.bin"), ("offset", $"{file.Position}"), ("length", $"{length}") })
            {
                tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
            }

            graph.Initializer.Add(tensor);
            for (var left = length; left > 0; left -= bytes.Length)
            {
                file.Write(bytes.AsSpan(0, (int)Math.Min(left, bytes.Length)));
            }

            graph.Node.Add(new NodeProto { OpType = "MatMul", Input = { last, $"w{i}" }, Output = { i == 2 ? "y" : $"h{i}" } });
            if (i < 2)
            {
                last = $"a{i}";
                graph.Node.Add(new NodeProto { OpType = "Relu", Input = { $"h{i}" }, Output = { last } });
            }
        }

        ModelProto model = new() { IrVersion = 8, OpsetImport = { new OperatorSetIdProto { Version = 17 } }, Graph = graph };
        File.WriteAllBytes(place.In("large.onnx"), model.ToByteArray());
    }

    private static ValueInfoProto Value(string name, int size) => new()
    {
        Name = name,
        Type = new TypeProto
        {
            TensorType = new TypeProto.Types.Tensor
            {
                ElemType = (int)DataType.Bfloat16,
                Shape = new TensorShapeProto
                {
                    Dim =
                    {
                        new TensorShapeProto.Types.Dimension { DimParam = "n" },
                        new TensorShapeProto.Types.Dimension { DimValue = size },
                    },
                },
            },
        },
    };

    // The most that a process has had in memory, in bytes; 0 once it is gone.
    private static long Peak(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status")
                .FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line.Split(':')[1].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
