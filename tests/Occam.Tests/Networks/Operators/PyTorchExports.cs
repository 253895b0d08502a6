using System.Runtime.InteropServices;
using Occam.Torch;

namespace Occam.Tests.Networks.Operators;

/// <summary>Modules exported by the PyTorch that is here, with what PyTorch computes on them; made once for all tests.</summary>
public sealed class PyTorchExports : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PyTorchExports() => Missing = PyTorchPeer.Run("operators.py", _folder.File(""));

    /// <summary>Why there are no exports, or null.</summary>
    public string? Missing { get; }

    /// <summary>The names of the modules that were exported in an operator set.</summary>
    public string[] Names(int opset) =>
        [.. Directory.EnumerateFiles(_folder.File(""), $"*-{opset}.onnx")
            .Select(path => Path.GetFileNameWithoutExtension(path)[..^$"-{opset}".Length])
            .Order(StringComparer.Ordinal)];

    /// <summary>Whether an operator set was tried at all.</summary>
    public bool Writes(int opset) => Directory.EnumerateFiles(_folder.File(""), $"*-{opset}.*").Any();

    /// <summary>The file of an export.</summary>
    public string File(string name, int opset) => _folder.File($"{name}-{opset}.onnx");

    /// <summary>The module's input.</summary>
    public Tensor Input(string name) =>
        Numbers($"{name}.x").Reshape([.. System.IO.File.ReadAllText(_folder.File($"{name}.shape")).Split(' ').Select(long.Parse)]);

    /// <summary>The module's output, flat.</summary>
    public Tensor Output(string name) => Numbers($"{name}.y");

    /// <summary>The gradient of Σ cos(i) y_i by the input, flat.</summary>
    public Tensor Gradient(string name) => Numbers($"{name}.g");

    public void Dispose() => _folder.Dispose();

    private Tensor Numbers(string file)
    {
        var numbers = MemoryMarshal.Cast<byte, double>(System.IO.File.ReadAllBytes(_folder.File(file))).ToArray();
        return Tensor.FromArray(numbers, numbers.Length);
    }
}
