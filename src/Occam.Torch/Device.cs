using System.Globalization;

namespace Occam.Torch;

/// <summary>Where a tensor lives: <c>cpu</c> or <c>cuda:N</c>.</summary>
public readonly record struct Device(int Type, int Index)
{
    private const int CpuType = 0;
    private const int CudaType = 1;

    /// <summary>The processor.</summary>
    public static Device Cpu => new(CpuType, 0);

    /// <summary>The CUDA device of that index.</summary>
    public static Device Cuda(int index = 0) => new(CudaType, index);

    /// <summary>Whether this is the processor.</summary>
    public bool IsCpu => Type == CpuType;

    internal long Packed => ((long)Type << 32) | (uint)(IsCpu ? -1 : Index);

    /// <summary>Reads <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c> and checks that the device is there.</summary>
    /// <exception cref="TorchException">The name is unknown, or this libtorch or machine has no such device.</exception>
    public static Device Parse(string name)
    {
        if (name == "cpu")
        {
            return Cpu;
        }

        var parts = name.Split(':');
        if (parts[0] != "cuda" || parts.Length > 2)
        {
            throw new TorchException($"unknown device '{name}': expected cpu, cuda or cuda:N");
        }

        var index = 0;
        if (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out index))
        {
            throw new TorchException($"unknown device '{name}': the index after 'cuda:' must be a whole number");
        }

        var present = Libtorch.CudaDeviceCount;
        if (present == 0)
        {
            throw new TorchException($"device '{name}' asked for, but this libtorch ({Libtorch.Version}) finds no CUDA device: use "
                + "--device cpu, or set LIBTORCH to a build with CUDA");
        }

        return index < present
            ? Cuda(index)
            : throw new TorchException($"device '{name}' asked for, but there are {present} CUDA devices (cuda:0 to cuda:{present - 1})");
    }

    /// <inheritdoc/>
    public override string ToString() => IsCpu ? "cpu" : $"cuda:{Index}";
}
