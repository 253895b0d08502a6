using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Occam.Bench;

/// <summary>A process that answers requests, a line of JSON each: Occam's own worker, or a PyTorch program.</summary>
internal sealed class Contender : IDisposable
{
    private readonly Process _process;
    private readonly JsonObject _request;
    private string _said = "";

    public Contender(string title, IReadOnlyList<string> command, JsonObject request, bool greets)
    {
        (Title, _request) = (title, request);
        _process = Process.Start(new ProcessStartInfo(command[0], [.. command.Skip(1)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.ErrorDataReceived += (_, line) => _said = string.IsNullOrWhiteSpace(line.Data) ? _said : line.Data;
        _process.BeginErrorReadLine();
        if (greets)
        {
            Version = Receive().GetProperty("torch").GetString()!;
        }
    }

    /// <summary>What it is called.</summary>
    public string Title { get; }

    /// <summary>PyTorch's version; empty where it doesn't say.</summary>
    public string Version { get; } = "";

    /// <summary>Computes once.</summary>
    /// <exception cref="OccamException">The process ended.</exception>
    public Answer Ask()
    {
        try
        {
            _process.StandardInput.WriteLine(_request.ToJsonString());
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // What it said before it ended is told below.
        }

        var answer = Receive();
        double Number(string name) => answer.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number
            ? number.GetDouble()
            : double.NaN;
        var peak = Number("peakBytes") is var bytes && double.IsNaN(bytes) ? Number("peak") * (1 << 20) : bytes;
        double[] Numbers(string name) => answer.TryGetProperty(name, out var numbers) && numbers.ValueKind == JsonValueKind.Array
            ? [.. numbers.EnumerateArray().Select(number => number.ValueKind == JsonValueKind.Number ? number.GetDouble() : double.NaN)]
            : [];
        return new Answer(
            Numbers("values") is [_, ..] values ? values : [Number("value")], Number("seconds"), (long)peak, Number("flops"))
        {
            Errors = Numbers("errors"),
        };
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(5000))
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private JsonElement Receive()
    {
        if (_process.StandardOutput.ReadLine() is { } line)
        {
            return JsonDocument.Parse(line).RootElement;
        }

        _process.WaitForExit();
        throw new OccamException($"{Title} ended: {_said}");
    }
}
