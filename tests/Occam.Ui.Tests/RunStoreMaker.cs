using System.Globalization;

namespace Occam.Ui.Tests;

/// <summary>A store of runs that were never trained: their files as a training writes them. Gone afterwards.</summary>
internal sealed class RunStoreMaker : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("occam-ui-");

    public string Root => Path.Combine(_folder.FullName, "runs");

    public string In(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Adds a run that has ended.</summary>
    public string Add(string name, double rate = 0.1, string state = "completed", int rows = 3, double loss = 0.5)
    {
        var folder = Path.Combine(Root, name);
        Directory.CreateDirectory(folder);
        File.WriteAllText(
            Path.Combine(folder, "config.yaml"),
            "network:\n  id: mlp\n  hidden: [4]\ndata:\n  train: glyphs:train\n  limit: 20\nloss: cross-entropy\noptimizer:\n  id: sgd\n"
                + Invariant($"  learning-rate: {rate}\nbatch: 10\nsteps: 10\nseed: 0\n"));
        File.WriteAllText(
            Path.Combine(folder, "environment.json"),
            """
            {"environment":{"occam":"0.1.0","libtorch":"1","runtime":"r","system":"s","processor":"p","cores":2},
            "device":"cpu","threads":1,"seed":0,"started":"2026-01-02T03:04:05+00:00","folder":"/","command":"occam train run.yaml"}
            """);
        WriteStatus(name, state, 10, loss);
        File.WriteAllText(
            Path.Combine(folder, "metrics.jsonl"), string.Concat(Enumerable.Range(0, rows).Select(i => Row(i, loss * (rows - i)))));
        return folder;
    }

    public void WriteStatus(string name, string state, int step, double loss) => File.WriteAllText(
        Path.Combine(Root, name, "status.json"),
        Invariant($"{{\"state\":\"{state}\",\"why\":\"all steps\",\"step\":{step},\"steps\":10,\"epoch\":1,\"checkpoint\":{step},")
            + Invariant($"\"seconds\":2,\"metrics\":{{\"train.loss\":{loss}}},\"written\":\"2026-01-02T03:04:05+00:00\"}}"));

    public static string Row(int step, double value, string name = "train.loss", double? elapsed = null) =>
        Invariant($"{{\"step\":{step},\"epoch\":{step / 10.0},\"name\":\"{name}\",\"value\":{value:R}")
            + Invariant($"{(elapsed is null ? "" : Invariant($",\"elapsed\":{elapsed:R}"))}}}\n");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Adds many runs, in folders of five hundred.</summary>
    public void AddMany(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Add($"grid-{i / 500}/run-{i}", rate: 0.001 * (1 + (i % 50)), loss: 0.01 * (1 + (i % 97)), rows: 2);
        }
    }
}
