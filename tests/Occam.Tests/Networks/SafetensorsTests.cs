using System.Collections.Immutable;
using Occam.Measures;
using Occam.Measures.Weights;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Networks;

public sealed class SafetensorsTests
{
    [Theory]
    [InlineData("F64", "000000000000F83F00000000000004C0", new[] { 1.5, -2.5 })]
    [InlineData("F32", "0000C03F000020C0", new[] { 1.5, -2.5 })]
    [InlineData("F16", "003E00C1", new[] { 1.5, -2.5 })]
    [InlineData("BF16", "C03F20C0", new[] { 1.5, -2.5 })]
    [InlineData("I64", "0300000000000000FEFFFFFFFFFFFFFF", new[] { 3.0, -2.0 })]
    [InlineData("I32", "03000000FEFFFFFF", new[] { 3.0, -2.0 })]
    [InlineData("I16", "0300FEFF", new[] { 3.0, -2.0 })]
    [InlineData("I8", "03FE", new[] { 3.0, -2.0 })]
    [InlineData("U8", "03FE", new[] { 3.0, 254.0 })]
    [InlineData("BOOL", "0001", new[] { 0.0, 1.0 })]
    public void Numbers_of_every_type_are_read(string type, string bytes, double[] expected)
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        var numbers = Convert.FromHexString(bytes);
        SafetensorsFile file = Write(folder, SafetensorsBytes.Of(
            $"{{\"a\":{{\"dtype\":\"{type}\",\"shape\":[2,1],\"data_offsets\":[0,{numbers.Length}]}}}}   ", numbers));
        SafetensorsEntry entry = Assert.Single(file.Tensors);
        foreach (ScalarType kind in (ScalarType[])[ScalarType.Float32, ScalarType.Float64])
        {
            Tensor tensor = file.Read(entry, kind);
            Assert.Equal([2, 1], tensor.Shape);
            Assert.Equal(entry.IsFloatingPoint, tensor.ScalarType == kind);
            Assert.Equal(expected, tensor.To(ScalarType.Float64).ToArray<double>());
        }
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "isn't the 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", "what is before it ends at 0")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", "at 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "speaks of 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "truncated")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[4611686018427387904],"data_offsets":[0,8]}}""", "isn't the 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "doesn't tell type, shape and place of 'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", "doesn't tell type, shape and place")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}""", "twice")]
    [InlineData("""{"a":3}""", "doesn't tell")]
    [InlineData("""[1,2]""", "isn't JSON")]
    [InlineData("""{"a":""", "isn't JSON")]
    public void A_file_that_does_not_fit_together_is_refused(string header, string words)
    {
        using TemporaryFolder folder = new();
        OccamException error = Assert.Throws<OccamException>(() => Write(folder, SafetensorsBytes.Of(header, new byte[8])));
        Assert.Contains(words, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_header_longer_than_the_file_is_refused_before_memory_is_taken()
    {
        using TemporaryFolder folder = new();
        Assert.Contains("damaged", Assert.Throws<OccamException>(
            () => Write(folder, [255, 255, 255, 255, 255, 255, 255, 127, .. "{}"u8])).Message);
    }

    [Fact]
    public void Weights_beside_a_graph_take_the_places_of_its_own()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        var (mine, theirs) = (TestGraphs.Mlp(1), TestGraphs.Mlp(2));
        OnnxWriter.Write(mine, folder.File("net.onnx"));
        Write(folder, Of(theirs, name => name, ("buffer", [1], [7])));
        LoadedNetwork loaded = NetworkLoader.Load(
            folder.File("net.onnx"), new FunctionChoice { Weights = folder.File("a.safetensors") });
        using Generator generator = new(3);
        Tensor x = Tensor.Randn([5, 3], generator);
        Assert.Equal(new Network(theirs).Forward(x).ToArray<float>(), loaded.Function.Forward(x).ToArray<float>());
        Assert.NotEqual(new Network(mine).Forward(x).ToArray<float>(), loaded.Function.Forward(x).ToArray<float>());
        Assert.Contains("4 tensors in place of the file's own; without a place in the network: buffer", Assert.Single(loaded.Notes));
    }

    [Fact]
    public void Weights_of_another_network_are_refused()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        Graph graph = TestGraphs.Mlp();
        Refused("none of the tensors", Of(graph, name => "model." + name + "_orig"));
        Refused("lacks 1 of the network's parameters (b2)", Of(graph, name => "model." + (name == "b2" ? "b3" : name)));
        Refused("lacks 1 of the network's parameters (b2)", Of(graph, name => name == "b2" ? "b3" : name));
        Refused("'b1' is 2 in", SafetensorsBytes.Of(
            ("w1", [4, 3], new float[12]), ("b1", [2], new float[2]), ("w2", [2, 4], new float[8]), ("b2", [2], new float[2])));
        Refused("'b1' is of type I32", SafetensorsBytes.Of(
            """
            {"w1":{"dtype":"F32","shape":[4,3],"data_offsets":[0,48]},"b1":{"dtype":"I32","shape":[4],"data_offsets":[48,64]},
            "w2":{"dtype":"F32","shape":[2,4],"data_offsets":[64,96]},"b2":{"dtype":"F32","shape":[2],"data_offsets":[96,104]}}
            """,
            new byte[104]));

        void Refused(string words, byte[] weights)
        {
            OnnxWriter.Write(graph, folder.File("net.onnx"));
            Write(folder, weights);
            OccamException error = Assert.Throws<OccamException>(() => NetworkLoader.Load(
                folder.File("net.onnx"), new FunctionChoice { Weights = folder.File("a.safetensors") }));
            Assert.Contains(words, error.Message);
            Assert.DoesNotContain('\n', error.Message);
        }
    }

    [Fact]
    public void Names_may_differ_by_a_prefix_and_weights_may_be_in_several_files()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        var (mine, theirs) = (TestGraphs.Mlp(1), TestGraphs.Mlp(2));
        OnnxWriter.Write(mine, folder.File("net.onnx"));
        File.WriteAllBytes(folder.File("1.safetensors"), Of(Some(theirs, "w1", "b2"), name => "net." + name));
        File.WriteAllBytes(folder.File("2.safetensors"), Of(Some(theirs, "b1", "w2"), name => "net." + name));
        string Index(string map)
        {
            var path = folder.File("m.safetensors.index.json");
            File.WriteAllText(path, map);
            return path;
        }

        const string Map = """
            {"metadata":{"total_size":104},"weight_map":{"net.w1":"1.safetensors","net.b2":"1.safetensors","net.b1":"2.safetensors",
            "net.w2":"2.safetensors"}}
            """;
        var loaded = NetworkLoader.Load(folder.File("net.onnx"), new FunctionChoice { Weights = Index(Map) });
        using Generator generator = new(3);
        var x = Tensor.Randn([5, 3], generator);
        Assert.Equal(new Network(theirs).Forward(x).ToArray<float>(), loaded.Function.Forward(x).ToArray<float>());
        Assert.EndsWith("4 tensors in place of the file's own, their names without 'net.'", loaded.Notes[0], StringComparison.Ordinal);

        // The other way: the network is the part of a whole.
        var whole = mine with
        {
            Initializers = mine.Initializers.ToImmutableDictionary(pair => "net." + pair.Key, pair => pair.Value),
            Nodes = [.. mine.Nodes.Select(node => node with
            {
                Inputs = [.. node.Inputs.Select(name => mine.Initializers.ContainsKey(name) ? "net." + name : name)],
            })],
        };
        OnnxWriter.Write(whole, folder.File("whole.onnx"));
        Write(folder, Of(theirs, name => name));
        loaded = NetworkLoader.Load(folder.File("whole.onnx"), new FunctionChoice { Weights = folder.File("a.safetensors") });
        Assert.Equal(new Network(theirs).Forward(x).ToArray<float>(), loaded.Function.Forward(x).ToArray<float>());
        Assert.EndsWith("'net.' before their names", loaded.Notes[0], StringComparison.Ordinal);

        Assert.Contains(
            "expected the name of a safetensors file in the same folder", Refusal("""{"weight_map":{"a":"../1.safetensors"}}"""));
        Assert.Contains("and there is no such tensor", Refusal("""{"weight_map":{"a":"1.safetensors"}}"""));
        Assert.Contains("can't be read", Refusal("""{"weight_map":{"a":"3.safetensors"}}"""));
        Assert.Contains("no index of safetensors files", Refusal("""{"weights":{}}"""));
        Assert.Contains("isn't JSON", Refusal("""{"weights":"""));
        string Refusal(string map) => Assert.Throws<OccamException>(() => SafetensorsFile.Open(Index(map))).Message;
    }

    [Fact]
    public void Measures_of_weights_alone_are_those_of_their_network()
    {
        using var scope = Libtorch.NewDisposeScope();
        using TemporaryFolder folder = new();
        var (before, after) = (TestGraphs.Mlp(1), TestGraphs.Mlp(2));
        File.WriteAllBytes(folder.File("before.safetensors"), Of(before, name => name));
        File.WriteAllBytes(folder.File("after.safetensors"), Of(after, name => name));
        var results = StoredWeights.Measure(
            folder.File("after.safetensors"), folder.File("before.safetensors"), MeasureCatalogue.All.Values, new MeasureOptions());
        var network = new MeasureContext(new Subject(new Network(after)).WithInitial(new Network(before)), null);
        var measured = 0;
        foreach (var result in results)
        {
            var expected = MeasureCatalogue.Find(result.Id).Measurement(network);
            if (result.Value is { } value)
            {
                Assert.Equal(expected.Value!.Value, value, 1e-6 * Math.Abs(value));
                measured++;
            }
            else
            {
                Assert.NotNull(result.NotApplicable);
            }
        }

        Assert.True(measured >= 12);
        Assert.Contains(results, result => result.NotApplicable == "needs the network's function, and there are its weights alone: give "
            + "its ONNX file, and these weights with --weights");
    }

    private static Graph Some(Graph graph, params string[] names) =>
        graph with { Initializers = graph.Initializers.Where(pair => names.Contains(pair.Key)).ToImmutableDictionary() };

    private static byte[] Of(Graph graph, Func<string, string> name, params (string, long[], float[])[] others) => SafetensorsBytes.Of(
    [
        .. graph.Initializers.Select(pair => (name(pair.Key), pair.Value.Shape.ToArray(), pair.Value.ToArray<float>())),
        .. others,
    ]);

    private static SafetensorsFile Write(TemporaryFolder folder, byte[] bytes)
    {
        File.WriteAllBytes(folder.File("a.safetensors"), bytes);
        return SafetensorsFile.Open(folder.File("a.safetensors"));
    }
}
