using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Occam.Data;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Runs.Examples;
using Occam.Networks.Loading;
using Occam.Torch;
using Xunit;

namespace Occam.Ui.Tests;

/// <summary>What the views of a run, a network and an example answer, of runs that were trained.</summary>
public sealed class ViewTests(TrainedStore store) : IClassFixture<TrainedStore>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_tells_its_configuration_its_environment_and_its_files()
    {
        await using var served = await Served.Start(store.Options);

        var run = await served.Json("/api/run?name=fast");

        Assert.Contains("learning-rate: 0.1", run.GetProperty("configuration").GetString());
        Assert.Contains("occam train run.yaml", run.GetProperty("command").GetString());
        Assert.Equal(Libtorch.Version, run.GetProperty("environment").GetProperty("libtorch").GetString());
        Assert.Contains("network.onnx", run.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("name").GetString()));
        Assert.Equal(HttpStatusCode.NotFound, await served.Status(HttpMethod.Get, "/api/run?name=../fast"));
    }

    [Fact]
    public async Task A_network_is_its_nodes_with_the_norms_of_their_weights()
    {
        await using var served = await Served.Start(store.Options);

        var drawing = await served.Json("/api/network?run=fast&file=network.onnx");

        var nodes = drawing.GetProperty("nodes").EnumerateArray().ToArray();
        Assert.Equal(["Gemm", "Relu", "Gemm"], nodes.Select(node => node.GetProperty("operator").GetString()));
        Assert.Equal("16 × 784", nodes[0].GetProperty("weights")[0].GetProperty("shape").GetString());
        var weight = nodes[0].GetProperty("weights")[0];
        Assert.Equal(NormOf(weight.GetProperty("name").GetString()!), weight.GetProperty("norm").GetDouble(), 1e-9);
        Assert.Equal(HttpStatusCode.NotFound, await served.Status(HttpMethod.Get, "/api/network?run=fast&file=../slow/network.onnx"));
        Assert.Equal(HttpStatusCode.NotFound, await served.Status(HttpMethod.Get, "/api/network?run=fast&file=config.yaml"));
    }

    [Fact]
    public async Task The_complexity_of_an_affine_layer_is_the_squared_norm_of_its_weights()
    {
        await using var served = await Served.Start(store.Options);
        var drawing = await served.Json("/api/network?run=fast&file=initial.onnx");
        var norm = drawing.GetProperty("nodes")[0].GetProperty("weights")[0].GetProperty("norm").GetDouble();

        var measured = await Post(served, "/api/layers", new { run = "fast", file = "initial.onnx" });

        // Its Jacobian is the same everywhere; the weights were drawn with the seed that a measurement takes when none is given.
        var layer = measured.GetProperty("measures")[0].GetProperty("layers")[0];
        Assert.InRange(
            layer.GetProperty("value").GetDouble(), (norm * norm) - (5 * layer.GetProperty("standardError").GetDouble()),
            (norm * norm) + (5 * layer.GetProperty("standardError").GetDouble()));
    }

    [Fact]
    public async Task An_example_is_as_steep_as_finite_differences_say()
    {
        await using var served = await Served.Start(store.Options);

        var answer = await Post(served, "/api/example", new { run = "fast", file = "network.onnx", set = "test", index = "3" });

        // The logits at the example moved a little along each of its pixels, in float64.
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var network = NetworkLoader.Load(Path.Combine(store.Root, "fast", "network.onnx")).AsWritten!.To(ScalarType.Float64, Device.Cpu);
        var data = DataSource.Open("glyphs:test", new DataOptions { Limit = 100 });
        var x = new double[784];
        data.CopyInputs([3], x.AsSpan());
        const double Step = 1e-4;
        var moved = Enumerable.Range(0, 2 * 784).SelectMany(
            i => x.Select((value, j) => j == i / 2 ? value + (i % 2 == 0 ? Step : -Step) : value)).ToArray();
        var logits = network.Run(Tensor.FromArray(moved, 2 * 784, 784), [network.Output])[network.Output].ToArray<double>();
        var jacobian = Enumerable.Range(0, 784).Select(
            j => Enumerable.Range(0, 10).Select(c => (logits[(20 * j) + c] - logits[(20 * j) + 10 + c]) / (2 * Step)).ToArray()).ToArray();
        var squared = jacobian.Sum(column => column.Sum(value => value * value));
        Assert.Equal(squared, answer.GetProperty("frobeniusSquared").GetDouble(), 1e-3 * squared);
        var rows = answer.GetProperty("rows").EnumerateArray().ToArray();
        for (var j = 0; j < 784; j += 97)
        {
            Assert.Equal(Math.Abs(jacobian[j][5]), rows[5][j].GetDouble(), 1e-3 * Math.Sqrt(squared));
        }

        // Power iteration on JᵀJ.
        var v = Enumerable.Range(0, 10).Select(i => 1.0 + i).ToArray();
        var norm = 0.0;
        for (var step = 0; step < 500; step++)
        {
            var down = jacobian.Select(column => column.Zip(v, (a, b) => a * b).Sum()).ToArray();
            v = [.. Enumerable.Range(0, 10).Select(c => jacobian.Select((column, j) => column[c] * down[j]).Sum())];
            norm = Math.Sqrt(v.Sum(value => value * value));
            v = [.. v.Select(value => value / norm)];
        }

        Assert.Equal(Math.Sqrt(norm), answer.GetProperty("spectral").GetDouble(), 1e-3 * Math.Sqrt(norm));
        var label = data.Labels![3];
        var given = answer.GetProperty("logits").EnumerateArray().Select(logit => logit.GetDouble()).ToArray();
        Assert.Equal(label, answer.GetProperty("label").GetInt32());
        Assert.Equal(
            given[label] - given.Where((_, i) => i != label).Max(), answer.GetProperty("margin").GetDouble(), 1e-12);
    }

    [Fact]
    public async Task A_picture_of_an_example_is_the_example()
    {
        await using var served = await Served.Start(store.Options);
        var examples = await served.Json("/api/examples?run=fast&set=test");
        Assert.Equal(100, examples.GetProperty("count").GetInt32());
        float[] pixels = [.. examples.GetProperty("examples")[7].GetProperty("values").EnumerateArray().Select(value => value.GetSingle())];
        Assert.InRange(pixels.Max(), 0.5f, 1.001f);
        var bytes = new byte[4 * pixels.Length];
        Buffer.BlockCopy(pixels, 0, bytes, 0, bytes.Length);

        var dropped = await Post(
            served, "/api/example", new { run = "fast", file = "network.onnx", picture = Convert.ToBase64String(bytes) });
        var stored = await Post(served, "/api/example", new { run = "fast", file = "network.onnx", index = "7" });

        Assert.False(dropped.TryGetProperty("label", out _));
        var (one, other) = (dropped.GetProperty("frobeniusSquared").GetDouble(), stored.GetProperty("frobeniusSquared").GetDouble());
        Assert.Equal(other, one, 0.05 * other);
        using var wrong = await served.Send(
            HttpMethod.Post, "/api/example", JsonContent.Create(new { run = "fast", file = "network.onnx", picture = "AAAA" }),
            ("X-Occam-Token", await served.Token()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.Contains("784 numbers", await wrong.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task The_way_between_two_examples_begins_and_ends_with_them()
    {
        await using var served = await Served.Start(store.Options);

        var way = await Post(served, "/api/segment", new { run = "fast", file = "network.onnx", index = "1", to = "2" });

        var logits = way.GetProperty("logits").EnumerateArray().Select(logit => logit.GetDouble()).ToArray();
        foreach (var (index, at) in new[] { ("1", 0), ("2", logits.Length - 10) })
        {
            var end = await Post(served, "/api/example", new { run = "fast", file = "network.onnx", index });
            var own = end.GetProperty("logits").EnumerateArray().Select(logit => logit.GetDouble()).ToArray();
            Assert.All(own.Index(), pair => Assert.Equal(pair.Item, logits[at + pair.Index], 1e-4));
        }
    }

    [Fact]
    public async Task Without_control_nothing_is_started()
    {
        await using var served = await Served.Start(store.Options with { Control = false });
        var token = await served.Token();
        foreach (var (path, body) in new (string, object)[]
            {
                ("/api/control", new { run = "fast", action = "explain" }), ("/api/measure", new { run = "fast", file = "network.onnx" }),
                ("/api/train", new { name = "mine", configuration = TrainedStore.Configuration }),
                ("/api/figures/draw", new { id = "gor-1", scale = "smoke" }),
            })
        {
            using var answer = await served.Send(HttpMethod.Post, path, JsonContent.Create(body), ("X-Occam-Token", token));
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }

        Assert.Equal(0, (await served.Json("/api/jobs")).GetArrayLength());
    }

    [Theory]
    [InlineData("", "no data are named")]
    [InlineData("  ", "no data are named")]
    public async Task Other_data_to_measure_on_are_named(string data, string why)
    {
        await using var served = await Served.Start(store.Options);
        using var answer = await served.Send(
            HttpMethod.Post, "/api/measure", JsonContent.Create(new { run = "fast", file = "network.onnx", set = "other", data }),
            ("X-Occam-Token", await served.Token()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(why, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, (await served.Json("/api/jobs")).GetArrayLength());
    }

    [Theory]
    [InlineData("../outside", "can't be called")]
    [InlineData(".hidden", "can't be called")]
    [InlineData("a/b", "can't be called")]
    [InlineData("", "can't be called")]
    [InlineData("fast", "there is a run 'fast' already")]
    public async Task A_training_of_a_name_that_leads_elsewhere_or_is_taken_is_refused(string name, string expected)
    {
        await using var served = await Served.Start(store.Options);

        using var answer = await served.Send(
            HttpMethod.Post, "/api/train", JsonContent.Create(new { name, configuration = TrainedStore.Configuration }),
            ("X-Occam-Token", await served.Token()));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(expected, await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(0, (await served.Json("/api/jobs")).GetArrayLength());
    }

    [Fact]
    public async Task Mistakes_of_a_configuration_are_told_by_their_lines_and_nothing_is_started()
    {
        await using var served = await Served.Start(store.Options);

        var problems = await Post(
            served, "/api/train",
            new { name = "mistaken", configuration = TrainedStore.Configuration.Replace("batch: 20", "batch: many") });

        var problem = Assert.Single(problems.EnumerateArray());
        Assert.Equal((5, 8), (problem.GetProperty("line").GetInt32(), problem.GetProperty("column").GetInt32()));
        Assert.Contains("'many' is not a whole number", problem.GetProperty("message").GetString());
        Assert.False(Directory.Exists(Path.Combine(store.Root, "mistaken")));
        Assert.Equal(0, (await served.Json("/api/jobs")).GetArrayLength());
    }

    [Fact]
    public async Task Every_example_configuration_and_every_experiment_is_offered()
    {
        await using var served = await Served.Start(store.Options);

        var examples = await served.Json("/api/configurations");
        var experiments = await served.Json("/api/experiments");

        Assert.Equal(
            ExampleConfigurations.All, examples.EnumerateArray().Select(one => KeyValuePair.Create(
                one.GetProperty("name").GetString()!, one.GetProperty("text").GetString()!)));
        Assert.Equal(ExperimentCatalogue.All.Keys, experiments.EnumerateArray().Select(one => one.GetProperty("id").GetString()!));
    }

    private double NormOf(string name)
    {
        using var scope = Libtorch.NewDisposeScope();
        var network = NetworkLoader.Load(Path.Combine(store.Root, "fast", "network.onnx")).AsWritten!;
        return Math.Sqrt(network.Graph.Initializers[name].ToArray<float>().Sum(value => (double)value * value));
    }

    private static async Task<JsonElement> Post(Served served, string path, object body)
    {
        using var answer = await served.Send(HttpMethod.Post, path, JsonContent.Create(body), ("X-Occam-Token", await served.Token()));
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }
}
