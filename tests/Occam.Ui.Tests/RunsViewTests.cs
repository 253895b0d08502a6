using System.Text.Json;
using Xunit;

namespace Occam.Ui.Tests;

/// <summary>The table of runs, and what changes in it.</summary>
public sealed class RunsViewTests : IDisposable
{
    private readonly RunStoreMaker _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task The_table_has_each_run_with_its_configuration_and_its_metrics()
    {
        _store.Add("sweep/a", rate: 0.25, loss: 0.75);
        _store.Add("sweep/b", rate: 0.5, state: "diverged", loss: double.Pi);
        await using var served = await Served.Start(new UiOptions(_store.Root));

        var table = await served.Json("/api/runs");

        Assert.Equal(["sweep/a", "sweep/b"], table.GetProperty("names").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(["0.25", "0.5"], Texts(table, "config.optimizer.learning-rate"));
        Assert.Equal(["completed", "diverged"], Texts(table, "state"));
        Assert.Equal(["sgd", "sgd"], Texts(table, "config.optimizer.id"));
        Assert.Equal(
            [0.75, double.Pi],
            Column(table, "metric.train.loss").GetProperty("numbers").EnumerateArray().Select(number => number.GetDouble()));
    }

    [Fact]
    public async Task A_run_that_can_not_be_read_is_there_with_the_reason()
    {
        File.WriteAllText(Path.Combine(_store.Add("bad"), "status.json"), "{");
        await using var served = await Served.Start(new UiOptions(_store.Root));

        var table = await served.Json("/api/runs");

        Assert.Equal(["unreadable"], Texts(table, "state"));
        Assert.Contains("status.json", Texts(table, "why")[0]);
    }

    [Fact]
    public async Task What_changes_on_the_disk_is_told_to_who_listens()
    {
        _store.Add("a");
        await using var served = await Served.Start(new UiOptions(_store.Root));
        using var response = await served.Send(HttpMethod.Get, "/api/events", null);
        using var events = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        await Until(events, change => Names(change) is ["a"]);

        _store.Add("b", loss: 0.125);
        var added = await Until(events, change => Names(change).Contains("b"));
        Assert.Equal(0.125, added.GetProperty("runs").EnumerateArray().Single(run => run.GetProperty("name").GetString() == "b")
            .GetProperty("cells").GetProperty("metric.train.loss").GetDouble());

        _store.WriteStatus("a", "interrupted", 5, 0.25);
        var changed = await Until(events, change => Names(change).Contains("a"));
        Assert.Equal("interrupted", changed.GetProperty("runs")[0].GetProperty("cells").GetProperty("state").GetString());

        Directory.Delete(Path.Combine(_store.Root, "b"), recursive: true);
        await Until(events, change => !change.TryGetProperty("runs", out _));
        Assert.Equal(["a"], (await served.Json("/api/runs")).GetProperty("names").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public async Task A_run_whose_process_lives_is_running_and_its_rows_appear_as_they_are_written()
    {
        var folder = _store.Add("live", state: "running", rows: 2);
        using var held = FolderLock.Take(folder);
        await using var served = await Served.Start(new UiOptions(_store.Root));
        Assert.Equal(["running"], Texts(await served.Json("/api/runs"), "state"));
        using var response = await served.Send(HttpMethod.Get, "/api/events", null);
        using var events = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

        await File.AppendAllTextAsync(
            Path.Combine(folder, "metrics.jsonl"), RunStoreMaker.Row(7, 0.0625), TestContext.Current.CancellationToken);
        var change = await Until(events, one => one.TryGetProperty("runs", out var runs) && runs.GetArrayLength() == 1
            && runs[0].GetProperty("cells").GetProperty("step").GetDouble() == 7);

        Assert.Equal(0.0625, change.GetProperty("runs")[0].GetProperty("cells").GetProperty("metric.train.loss").GetDouble());
        var curve = (await served.Json("/api/curves?run=live&metric=train.loss"))[0].GetProperty("metrics").GetProperty("train.loss");
        Assert.Equal([0, 1, 7], curve.GetProperty("step").EnumerateArray().Select(step => step.GetInt32()));

        held.Dispose();
        await Until(events, one => one.TryGetProperty("runs", out var runs) && runs.GetArrayLength() == 1
            && runs[0].GetProperty("cells").GetProperty("state").GetString() == "killed");
    }

    [Fact]
    public async Task A_curve_of_many_points_keeps_its_extremes_and_its_ends()
    {
        var folder = _store.Add("long", rows: 0);
        File.WriteAllText(
            Path.Combine(folder, "metrics.jsonl"),
            string.Concat(Enumerable.Range(0, 5000).Select(i => RunStoreMaker.Row(i, i == 1234 ? 99 : i == 4321 ? -99 : Math.Sin(i)))));
        await using var served = await Served.Start(new UiOptions(_store.Root));

        var curve = (await served.Json("/api/curves?run=long&points=200"))[0].GetProperty("metrics").GetProperty("train.loss");

        int[] steps = [.. curve.GetProperty("step").EnumerateArray().Select(step => step.GetInt32())];
        Assert.Equal(5000, curve.GetProperty("count").GetInt32());
        Assert.InRange(steps.Length, 150, 200);
        Assert.Equal(steps.Order(), steps);
        Assert.Equal((0, 4999), (steps[0], steps[^1]));
        Assert.Contains(1234, steps);
        Assert.Contains(4321, steps);
    }

    [Fact]
    public async Task A_curve_has_the_times_that_its_run_kept_and_no_others()
    {
        _store.Add("old");
        File.WriteAllText(
            Path.Combine(_store.Add("mixed", rows: 0), "metrics.jsonl"),
            RunStoreMaker.Row(0, 1) + RunStoreMaker.Row(4, 0.5, elapsed: 3.5) + RunStoreMaker.Row(8, 0.25, elapsed: 90));
        await using var served = await Served.Start(new UiOptions(_store.Root));

        var runs = await served.Json("/api/curves?run=old&run=mixed");
        JsonElement Curve(int i) => runs[i].GetProperty("metrics").GetProperty("train.loss");

        Assert.False(Curve(0).TryGetProperty("time", out _));
        Assert.Equal(
            ["NaN", "3.5", "90"],
            Curve(1).GetProperty("time").EnumerateArray().Select(time => time.ToString()));
    }

    [Fact]
    public async Task Numbers_that_JSON_has_not_are_told_by_name()
    {
        File.WriteAllText(
            Path.Combine(_store.Add("wild", rows: 0), "metrics.jsonl"),
            "{\"step\":1,\"epoch\":0,\"name\":\"m\",\"value\":\"NaN\"}\n{\"step\":2,\"epoch\":0,\"name\":\"m\",\"value\":\"Infinity\"}\n");
        await using var served = await Served.Start(new UiOptions(_store.Root));

        var curve = (await served.Json("/api/curves?run=wild"))[0].GetProperty("metrics").GetProperty("m");

        Assert.Equal(["NaN", "Infinity"], curve.GetProperty("value").EnumerateArray().Select(value => value.GetString()));
    }

    private static JsonElement Column(JsonElement table, string key) =>
        table.GetProperty("columns").EnumerateArray().Single(column => column.GetProperty("key").GetString() == key);

    // A column of texts, of which one that all runs share is written once.
    private static string[] Texts(JsonElement table, string key)
    {
        var column = Column(table, key);
        string[] texts = [.. column.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!)];
        return column.TryGetProperty("codes", out var codes)
            ? [.. codes.EnumerateArray().Select(code => texts[code.GetInt32()])]
            : [.. Enumerable.Repeat(texts[0], table.GetProperty("names").GetArrayLength())];
    }

    private static string?[] Names(JsonElement change) => change.TryGetProperty("runs", out var runs)
        ? [.. runs.EnumerateArray().Select(run => run.GetProperty("name").GetString())] : [];

    private static async Task<JsonElement> Until(StreamReader events, Func<JsonElement, bool> isIt)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (true)
        {
            var line = await events.ReadLineAsync(limit.Token);
            if (line?.StartsWith("data: ", StringComparison.Ordinal) == true)
            {
                var change = JsonDocument.Parse(line["data: ".Length..]).RootElement;
                if (change.TryGetProperty("version", out _) && isIt(change))
                {
                    return change;
                }
            }
        }
    }
}
