using System.Text.Json;
using MathNet.Numerics.LinearAlgebra;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Occam.Data;
using Occam.Lab.Runs.Store;
using Occam.Ui.Control;
using Occam.Ui.Index;
using Occam.Ui.Security;

namespace Occam.Ui.Views;

/// <summary>
/// One example: what a run's network says of it, and where the function is steep there, by the Jacobian of the network's output.
/// </summary>
internal sealed class ExampleView(RunIndex index, OwnProcess processes, NetworkView networks) : IDisposable
{
    private const int MostShown = 48;
    private const int MostSteps = 201;
    private const long MostNumbers = 4_000_000;

    private readonly SemaphoreSlim _one = new(1);
    private (string Run, string Kind, DataSet Data)? _open;

    /// <summary>Adds the addresses.</summary>
    public void Map(WebApplication app)
    {
        app.MapGet("/api/examples", Examples);
        app.MapPost("/api/example", Example);
        app.MapPost("/api/segment", Segment);
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private async Task Examples(HttpContext context)
    {
        var query = context.Request.Query;
        if (index.Find(query["run"].ToString()) is not { } run)
        {
            await RequestGuard.Refuse(context, 404, "there is no such run").ConfigureAwait(false);
            return;
        }

        var data = await Open(run, query["set"].ToString(), context.RequestAborted).ConfigureAwait(false);
        var start = int.TryParse(query["start"], out var given) ? Math.Clamp(given, 0, data.Count) : 0;
        var labels = data.Labels;
        await Answer.Json(context, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("count", data.Count);
            json.WriteString("data", data.Description);
            WriteNumbers(json, "shape", data.ExampleShape.Select(size => (double)size));
            json.WriteStartArray("classes");
            foreach (var name in data.ClassNames)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
            json.WriteStartArray("examples");
            for (var i = start; i < Math.Min(data.Count, start + MostShown); i++)
            {
                json.WriteStartObject();
                json.WriteNumber("index", i);
                if (labels is not null)
                {
                    json.WriteNumber("label", labels[i]);
                }

                WriteNumbers(json, "values", ExampleScale.Shown(data, ExampleScale.Input(data, i)).Select(value => Math.Round(value, 3)));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private async Task Example(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = RequestGuard.MostUpload;
        }

        var fields = await Answer.Fields(context).ConfigureAwait(false);
        var (run, path) = Network(fields);
        var data = await Open(run, fields.GetValueOrDefault("set", "test"), context.RequestAborted).ConfigureAwait(false);
        var input = fields.GetValueOrDefault("picture") is { } picture ? ExampleScale.Picture(data, picture)
            : ExampleScale.Input(data, Index(data, fields, "index"));
        var arrays = await Compute(path, data, [input], withJacobian: true, context.RequestAborted).ConfigureAwait(false);
        var logits = arrays.First(pair => pair.Key != "jacobian").Value.ToArray<double>();
        var jacobian = arrays["jacobian"].ToArray<double>();
        var label = fields.ContainsKey("picture") ? null : data.Labels?[Index(data, fields, "index")];
        await Answer.Json(context, json => Write(json, data, logits, jacobian, label)).ConfigureAwait(false);
    }

    private async Task Segment(HttpContext context)
    {
        var fields = await Answer.Fields(context).ConfigureAwait(false);
        var (run, path) = Network(fields);
        var data = await Open(run, fields.GetValueOrDefault("set", "test"), context.RequestAborted).ConfigureAwait(false);
        var (from, to) = (ExampleScale.Input(data, Index(data, fields, "index")), ExampleScale.Input(data, Index(data, fields, "to")));
        var shares = Enumerable.Range(0, MostSteps).Select(i => i / (MostSteps - 1.0)).ToArray();
        float[][] points = [.. shares.Select(share => from.Zip(to, (a, b) => (float)(a + (share * (b - a)))).ToArray())];
        var arrays = await Compute(path, data, points, withJacobian: false, context.RequestAborted).ConfigureAwait(false);
        var logits = arrays.First().Value.ToArray<double>();
        await Answer.Json(context, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("distance", Math.Sqrt(from.Zip(to, (a, b) => ((double)a - b) * ((double)a - b)).Sum()));
            WriteNumbers(json, "shares", shares);
            WriteNumbers(json, "logits", logits);
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private (IndexedRun Run, string Path) Network(IReadOnlyDictionary<string, string> fields) =>
        index.Find(fields.GetValueOrDefault("run", "")) is { } run
        && NetworkView.PathOf(index, run.Name, fields.GetValueOrDefault("file", "network.onnx")) is { } path
            ? (run, path) : throw new OccamException("there is no such network");

    private static int Index(DataSet data, IReadOnlyDictionary<string, string> fields, string key) =>
        int.TryParse(fields.GetValueOrDefault(key), out var i) && i >= 0 && i < data.Count ? i
        : throw new OccamException($"expected an example from 0 to {data.Count - 1}");

    // One set of data is held: that which was looked at last.
    private async Task<DataSet> Open(IndexedRun run, string kind, CancellationToken cancellation)
    {
        kind = kind == "train" ? "train" : "test";
        await _one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_open is not var (name, which, data) || name != run.Name || which != kind)
            {
                var recipe = RunFolder.Open(index.FolderOf(run)).Configuration.Data;
                data = (kind == "train" ? recipe.OpenTrain() : recipe.OpenTest())
                    ?? throw new OccamException($"the run '{run.Name}' has no {kind} data");
                _open = (run.Name, kind, data);
            }

            return data;
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<IReadOnlyDictionary<string, NumberArray>> Compute(
        string path, DataSet data, float[][] inputs, bool withJacobian, CancellationToken cancellation)
    {
        var shape = await networks.ShapeOf(path, data.ExampleShape, cancellation).ConfigureAwait(false);
        var size = shape.Aggregate(1L, (product, next) => product * next);
        if (size != data.ExampleSize)
        {
            throw new OccamException($"the network takes {size} numbers, and the data have {data.ExampleSize}");
        }

        var folder = Directory.CreateTempSubdirectory("occam-example-");
        try
        {
            var (x, y) = (Path.Combine(folder.FullName, "x.npz"), Path.Combine(folder.FullName, "y.npz"));
            NpzFile.Write(x, [KeyValuePair.Create(
                NpzFile.OnlyArray, new NumberArray(inputs.SelectMany(input => input).ToArray(), [inputs.Length, .. shape]))]);
            await processes.Output(
                ["run", path, "--data", x, "--out", y, .. withJacobian ? new[] { "--jacobian" } : []], null, cancellation)
                .ConfigureAwait(false);
            return NpzFile.Read(y, [.. NpzFile.Names(y)]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Write(Utf8JsonWriter json, DataSet data, double[] logits, double[] jacobian, int? label)
    {
        if (jacobian.LongLength > MostNumbers)
        {
            throw new OccamException($"the Jacobian has {jacobian.LongLength:N0} numbers, more than the {MostNumbers:N0} that are shown");
        }

        var width = jacobian.Length / logits.Length;
        var matrix = Matrix<double>.Build.DenseOfRowMajor(logits.Length, width, jacobian);
        json.WriteStartObject();
        WriteNumbers(json, "logits", logits);
        if (label is { } known)
        {
            json.WriteNumber("label", known);
            json.WriteNumber("margin", logits[known] - logits.Where((_, i) => i != known).DefaultIfEmpty(double.NegativeInfinity).Max());
        }

        json.WriteNumber("frobeniusSquared", jacobian.Sum(value => value * value));
        // The eigenvalues of J Jᵀ, the smaller of the two squares where there are fewer outputs than inputs.
        var square = logits.Length <= width ? matrix.TransposeAndMultiply(matrix) : matrix.TransposeThisAndMultiply(matrix);
        json.WriteNumber("spectral", Math.Sqrt(Math.Max(0, square.Evd(Symmetricity.Symmetric).EigenValues.Max(value => value.Real))));
        json.WriteStartArray("rows");
        for (var i = 0; i < logits.Length; i++)
        {
            json.WriteStartArray();
            foreach (var value in ExampleScale.OverChannels(data, jacobian.AsSpan(i * width, width)))
            {
                json.WriteNumberValue((float)value);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string key, IEnumerable<double> numbers)
    {
        json.WriteStartArray(key);
        foreach (var number in numbers)
        {
            RunTableJson.WriteNumber(json, number);
        }

        json.WriteEndArray();
    }
}
