using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks.Loading;

/// <summary>A TorchScript file as a function: it can be run and differentiated, but its operators are not accessible.</summary>
internal sealed class ScriptFunction : IFunction, IDisposable
{
    private readonly string _path;
    private readonly ScriptModule _module;
    private double _slowest;

    private ScriptFunction(string path, ScriptModule module, Device device, ScalarType? type)
    {
        _path = path;
        _module = module;
        Device = device;
        if (type is { } wanted)
        {
            module.To(wanted);
        }

        Parameters = [.. module.Parameters().Select(parameter => parameter.DetachFromDisposeScope())];
        Type = type ?? Parameters.FirstOrDefault(parameter => parameter.IsFloatingPoint)?.ScalarType ?? ScalarType.Float32;
    }

    /// <inheritdoc/>
    public ImmutableArray<long?> ExampleShape => default;

    /// <inheritdoc/>
    public ScalarType Type { get; }

    /// <inheritdoc/>
    public Device Device { get; }

    /// <inheritdoc/>
    /// <remarks>TorchScript drops tangents without a word.</remarks>
    public bool HasForwardMode => false;

    /// <summary>The module's parameters; autograd can differentiate by them.</summary>
    public ImmutableArray<Tensor> Parameters { get; }

    /// <summary>Loads a file in evaluation mode. It is run from here on: ask first whether it is trusted.</summary>
    /// <param name="path">A file made by <c>torch.jit.save</c>.</param>
    /// <param name="type">The precision; the file's own when null.</param>
    /// <param name="device">The device; the processor when null.</param>
    /// <exception cref="OccamException">The file isn't TorchScript, or was made by a newer PyTorch.</exception>
    internal static ScriptFunction Load(string path, ScalarType? type = null, Device? device = null)
    {
        try
        {
            using var asked = LoadingScope.Begin(new FileInfo(path).Length / LoadingScope.BytesPerNumber, isTimed: false);
            var none = 0.0;
            var module = ScriptWatch.During(path, 0, ref none, () => ScriptModule.Load(path, device ?? Device.Cpu));
            return new ScriptFunction(path, module, device ?? Device.Cpu, type);
        }
        catch (TorchMemoryException e)
        {
            throw new OccamException($"{path} wants {MemoryText.Of(e)}", e);
        }
        catch (TorchException e)
        {
            throw new OccamException(
                $"{path} can't be read as TorchScript by libtorch {Libtorch.Version}: {e.Message}; expected a file made by torch.jit.save",
                e);
        }
    }

    /// <summary>The same function in another precision or on another device.</summary>
    public ScriptFunction To(ScalarType type, Device device) => type == Type && device == Device ? this : Load(_path, type, device);

    /// <inheritdoc/>
    public Tensor Forward(Tensor input)
    {
        try
        {
            var output = ScriptWatch.During(_path, input.Elements, ref _slowest, () => _module.Forward(input));
            return output.Dimensions > 0 ? output.AsRows()
                : throw new OccamException($"{_path} gives one number for {input.Size(0)} examples: expected an output for each");
        }
        catch (TorchMemoryException e)
        {
            throw new OccamException($"{_path} wants {MemoryText.Of(e)}", e);
        }
        catch (TorchException e)
        {
            throw new OccamException($"{_path} can't be run on {string.Join("×", input.Shape)}: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var parameter in Parameters)
        {
            parameter.Dispose();
        }

        _module.Dispose();
    }
}
