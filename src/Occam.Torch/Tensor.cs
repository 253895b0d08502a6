using System.Runtime.InteropServices;

namespace Occam.Torch;

/// <summary>
/// An array of numbers on a device, as libtorch keeps it: a handle that shares storage with its views.
/// It is freed by <see cref="Dispose"/>, by the innermost <see cref="DisposeScope"/> it was made in, or
/// at last by the garbage collector.
/// </summary>
/// <remarks>
/// Threads: any number may compute from one tensor, but not while another writes to it in place or frees it. What a scope would free
/// is freed, or moved out of it, on the scope's own thread.
/// </remarks>
public sealed unsafe partial class Tensor : IDisposable
{
    private const long LargeForCollector = 1L << 20;

    private nint _handle;
    private DisposeScope? _scope;
    private long[]? _shape;
    private long _pressure;

    internal Tensor(nint handle)
    {
        _handle = handle;
        _scope = DisposeScope.Register(this);
    }

    /// <summary>Frees the native tensor of an object that nobody disposed.</summary>
    ~Tensor() => Free();

    internal nint Handle =>
        _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Tensor), "the tensor was freed, perhaps by its dispose scope");

    /// <summary>Whether the native tensor is still there.</summary>
    public bool IsAlive => _handle != 0;

    /// <summary>The sizes of the dimensions. Not to be written to.</summary>
    public long[] Shape => _shape ??= ReadShape();

    /// <summary>The number of dimensions.</summary>
    public int Dimensions => Shape.Length;

    /// <summary>The number of elements.</summary>
    public long Elements => Info.Elements;

    /// <summary>The type of an element.</summary>
    public ScalarType ScalarType => (ScalarType)Info.ScalarType;

    /// <summary>Where the elements are.</summary>
    public Device Device => Info is var info && info.DeviceType == 0 ? Device.Cpu : new Device(info.DeviceType, info.DeviceIndex);

    /// <summary>Whether autograd records what is computed from this tensor.</summary>
    public bool RequiresGrad => Info.RequiresGrad != 0;

    /// <summary>Whether the elements lie in memory in row-major order without gaps.</summary>
    public bool IsContiguous => Info.Contiguous != 0;

    /// <summary>Whether the elements are floating-point numbers.</summary>
    public bool IsFloatingPoint => ScalarType is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;

    private NativeMethods.TensorInfo Info
    {
        get
        {
            NativeMethods.Check(NativeMethods.occam_tensor_info(Handle, out var info));
            GC.KeepAlive(this);
            return info;
        }
    }

    /// <summary>The size of a dimension; negative indices count from the last.</summary>
    public long Size(int dimension) => Shape[dimension < 0 ? Shape.Length + dimension : dimension];

    /// <summary>Marks the tensor, which must be a leaf, as one to differentiate by (or not). Returns itself.</summary>
    public Tensor RequireGrad(bool required = true)
    {
        NativeMethods.Check(NativeMethods.occam_tensor_require_grad(Handle, required ? 1 : 0));
        GC.KeepAlive(this);
        return this;
    }

    /// <summary>The value of a tensor of one element.</summary>
    public double Item()
    {
        NativeMethods.Check(NativeMethods.occam_tensor_item(Handle, out var value));
        GC.KeepAlive(this);
        return value;
    }

    /// <summary>The value of a tensor of one integer.</summary>
    public long ItemInt64()
    {
        NativeMethods.Check(NativeMethods.occam_tensor_item_integer(Handle, out var value));
        GC.KeepAlive(this);
        return value;
    }

    /// <summary>
    /// The tensor's own memory, without a copy: writing to it changes the tensor. Valid while the tensor
    /// lives; keep a reference to it (and no scope that would free it) as long as the span is used.
    /// </summary>
    /// <exception cref="TorchException">The tensor isn't contiguous or isn't on the CPU.</exception>
    /// <exception cref="InvalidOperationException">T's size is not that of an element.</exception>
    public Span<T> AsSpan<T>()
        where T : unmanaged
    {
        if (sizeof(T) != ElementSize(ScalarType))
        {
            throw new InvalidOperationException($"a tensor of {ScalarType} can't be seen as {typeof(T).Name}");
        }

        NativeMethods.Check(NativeMethods.occam_tensor_data(Handle, out var data));
        return new Span<T>((void*)data, checked((int)Elements));
    }

    /// <summary>A copy of the elements in row-major order, converted to T's type if need be.</summary>
    public T[] ToArray<T>()
        where T : unmanaged
    {
        using var converted = DetachedCopy(TypeOf<T>());
        return converted.AsSpan<T>().ToArray();
    }

    /// <summary>
    /// A tensor that uses managed memory as its own, without a copy. The array stays pinned until libtorch
    /// lets go of it; what either side writes, the other sees.
    /// </summary>
    public static Tensor FromArray<T>(T[] values, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        var elements = 1L;
        foreach (var size in shape)
        {
            elements = checked(elements * size);
        }

        if (elements != values.Length)
        {
            throw new ArgumentException($"a shape of {elements} elements doesn't fit an array of {values.Length}", nameof(shape));
        }

        var type = TypeOf<T>();
        var pin = GCHandle.Alloc(values, GCHandleType.Pinned);
        fixed (long* sizes = shape)
        {
            // The pin is the native side's from here on, which frees it, too, where no tensor comes of it.
            NativeMethods.Check(NativeMethods.occam_tensor_from_memory(
                pin.AddrOfPinnedObject(), sizes, shape.Length, (int)type, &Unpin, GCHandle.ToIntPtr(pin), out var result));
            return new Tensor(result);
        }
    }

    /// <summary>Another handle on the same tensor, freed on its own.</summary>
    public Tensor Alias()
    {
        NativeMethods.Check(NativeMethods.occam_tensor_alias(Handle, out var result));
        GC.KeepAlive(this);
        return new Tensor(result);
    }

    /// <summary>Hands the tensor to the scope around its own; returns itself.</summary>
    public Tensor MoveToOuterDisposeScope()
    {
        _scope = _scope?.MoveOut(this);
        return this;
    }

    /// <summary>Takes the tensor out of every scope; returns itself.</summary>
    public Tensor DetachFromDisposeScope()
    {
        _scope?.Remove(this);
        _scope = null;

        // The collector frees it where nobody else does, and has to know what waits for it.
        if (_pressure == 0 && Elements * ElementSize(ScalarType) is >= LargeForCollector and var bytes)
        {
            _pressure = bytes;
            GC.AddMemoryPressure(bytes);
        }

        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _scope?.Remove(this);
        Free();
    }

    internal void Free()
    {
        _scope = null;
        var handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0)
        {
            NativeMethods.occam_tensor_free(handle);
            GC.SuppressFinalize(this);
            if (_pressure > 0)
            {
                GC.RemoveMemoryPressure(_pressure);
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => IsAlive ? $"{ScalarType}[{string.Join(", ", Shape)}] on {Device}" : "freed tensor";

    /// <summary>The type of a tensor whose elements are of a managed type.</summary>
    /// <exception cref="NotSupportedException">No tensor has such elements.</exception>
    public static ScalarType TypeOf<T>() => Type.GetTypeCode(typeof(T)) switch
    {
        TypeCode.Single => ScalarType.Float32,
        TypeCode.Double => ScalarType.Float64,
        TypeCode.Int64 => ScalarType.Int64,
        TypeCode.Int32 => ScalarType.Int32,
        TypeCode.Int16 => ScalarType.Int16,
        TypeCode.Byte => ScalarType.Byte,
        TypeCode.SByte => ScalarType.Int8,
        TypeCode.Boolean => ScalarType.Bool,
        _ => typeof(T) == typeof(Half)
            ? ScalarType.Float16
            : throw new NotSupportedException($"no tensor has elements of {typeof(T).Name}"),
    };

    private static int ElementSize(ScalarType type) => type switch
    {
        ScalarType.Float64 or ScalarType.Int64 => 8,
        ScalarType.Float32 or ScalarType.Int32 => 4,
        ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Int16 => 2,
        _ => 1,
    };

    [UnmanagedCallersOnly]
    private static void Unpin(nint context) => GCHandle.FromIntPtr(context).Free();

    private long[] ReadShape()
    {
        var shape = new long[Info.Dimensions];
        fixed (long* sizes = shape)
        {
            NativeMethods.Check(NativeMethods.occam_tensor_shape(Handle, sizes));
        }

        GC.KeepAlive(this);
        return shape;
    }

    private Tensor DetachedCopy(ScalarType type)
    {
        using var grad = Libtorch.NoGrad();
        using var scope = Libtorch.NewDisposeScope();
        return To(type).To(Device.Cpu).Contiguous().Alias().MoveToOuterDisposeScope();
    }
}
