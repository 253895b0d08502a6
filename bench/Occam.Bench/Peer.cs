using System.Diagnostics;
using System.Text.Json;

namespace Occam.Bench;

/// <summary>The PyTorch process that the benchmarks compare with: peer.py.</summary>
internal sealed class Peer : IDisposable
{
    private readonly Process _process;

    public Peer(Setting setting)
    {
        _process = Process.Start(new ProcessStartInfo(setting.Python, [Setting.Script("peer.py"), $"{setting.Threads}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var greeting = Receive();
        Torch = greeting.GetProperty("torch").GetString()!;
        Threads = greeting.GetProperty("threads").GetInt32();
    }

    /// <summary>PyTorch's version.</summary>
    public string Torch { get; }

    /// <summary>The threads that it computes with.</summary>
    public int Threads { get; }

    /// <summary>The geometric complexity by one of the peer's methods; the fastest chunk is looked for when none is given.</summary>
    public Timed GeometricComplexity(string network, string data, string method, string type, int? chunk = null) => Ask(new
    {
        network,
        weights = Setting.Exported(network + ".pt"),
        data = Setting.Exported(data + ".npz"),
        method,
        type,
        chunk,
    });

    /// <summary>Expected sharpness by one of the peer's methods.</summary>
    public Timed ExpectedSharpness(string network, string data, string method, double alpha, int draws, int batch) => Ask(new
    {
        network,
        weights = Setting.Exported(network + ".pt"),
        data = Setting.Exported(data + ".npz"),
        method,
        type = "float32",
        sharpness = new { alpha, draws, batch },
    });

    /// <summary>Steps of a training that goes on from call to call: the last loss, and the seconds of a step.</summary>
    public Timed Train(TrainingCase training, int steps) => Ask(new
    {
        network = training.Network,
        weights = Setting.Exported(training.Network + ".pt"),
        data = Setting.Exported(training.Data + ".npz"),
        training = new
        {
            loss = training.Loss.Id,
            batch = training.Batch,
            rate = training.Rate,
            momentum = training.Momentum,
            frozen = training.Frozen,
            threads = training.PeerThreads,
            steps,
        },
    });

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private Timed Ask<T>(T request)
    {
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(request));
        _process.StandardInput.Flush();
        var answer = Receive();
        return new Timed(
            answer.GetProperty("value").GetDouble(), answer.GetProperty("seconds").GetDouble(), answer.GetProperty("chunk").GetInt32(),
            answer.TryGetProperty("error", out var error) ? error.GetDouble() : 0);
    }

    private JsonElement Receive() => _process.StandardOutput.ReadLine() is { } line
        ? JsonDocument.Parse(line).RootElement
        : throw new OccamException("the PyTorch peer ended: its own message stands above");
}
