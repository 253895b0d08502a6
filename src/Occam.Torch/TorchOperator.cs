using System.Runtime.InteropServices;
using System.Text;

namespace Occam.Torch;

/// <summary>
/// An operator of libtorch, by its registered name: <c>new TorchOperator("aten::add.Tensor")</c>. Arguments
/// stand in the order of the operator's schema; those left out take the schema's defaults.
/// </summary>
internal sealed unsafe class TorchOperator
{
    private const int MostResults = 64;

    private readonly string _name;
    private nint _handle;

    /// <summary>Names an operator; it is looked up at its first call.</summary>
    /// <param name="name">The qualified name, with the overload after a dot if there is one.</param>
    public TorchOperator(string name) => _name = name;

    /// <summary>Calls the operator for its one tensor.</summary>
    /// <exception cref="TorchException">libtorch refused.</exception>
    public Tensor Call(params ReadOnlySpan<Argument> arguments)
    {
        nint result;
        var produced = Invoke(arguments, &result, 1);
        return produced == 1 && result != 0
            ? new Tensor(result)
            : throw new TorchException($"{_name} returned {produced} tensors where one was expected");
    }

    /// <summary>Calls the operator for all its tensors; null stands where it returned none.</summary>
    /// <exception cref="TorchException">libtorch refused.</exception>
    public Tensor[] CallAll(params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc nint[MostResults];
        var produced = Invoke(arguments, results, MostResults);
        var tensors = new Tensor[produced];
        for (var i = 0; i < produced; i++)
        {
            tensors[i] = results[i] == 0 ? null! : new Tensor(results[i]);
        }

        return tensors;
    }

    private int Invoke(ReadOnlySpan<Argument> arguments, nint* results, int capacity)
    {
        var handle = _handle != 0 ? _handle : LookUp();
        var native = stackalloc NativeMethods.NativeArgument[arguments.Length];
        Span<GCHandle> pins = stackalloc GCHandle[arguments.Length];
        var pinned = 0;
        try
        {
            for (var i = 0; i < arguments.Length; i++)
            {
                native[i] = ToNative(arguments[i], pins, ref pinned);
            }

            NativeMethods.Check(NativeMethods.occam_call(handle, native, arguments.Length, results, capacity, out var produced));
            return produced;
        }
        finally
        {
            for (var i = 0; i < pinned; i++)
            {
                pins[i].Free();
            }

            // The native side holds bare pointers: no finalizer may run before it has returned.
            foreach (ref readonly var argument in arguments)
            {
                GC.KeepAlive(argument.Reference);
            }
        }
    }

    // Threads may look the same operator up at the same time. The native call clears what its out parameter
    // points to before it fills it, so that it must never be the field that the others read.
    private nint LookUp()
    {
        var dot = _name.IndexOf('.');
        var (name, overload) = dot < 0 ? (_name, "") : (_name[..dot], _name[(dot + 1)..]);
        NativeMethods.Check(NativeMethods.occam_operator(name, overload, out var handle));
        return _handle = handle;
    }

    private static NativeMethods.NativeArgument ToNative(in Argument argument, Span<GCHandle> pins, ref int pinned)
    {
        var native = new NativeMethods.NativeArgument { Kind = argument.Kind };
        switch (argument.Kind)
        {
            case ArgumentKind.Tensor:
                native.Pointer = ((Tensor)argument.Reference!).Handle;
                break;
            case ArgumentKind.Double:
                native.Real = argument.Real;
                break;
            case ArgumentKind.Generator:
                native.Pointer = ((Generator)argument.Reference!).Handle;
                break;
            case ArgumentKind.IntList or ArgumentKind.DoubleList or ArgumentKind.BoolList:
                Pin((Array)argument.Reference!, ref native, pins, ref pinned);
                break;
            case ArgumentKind.TensorList:
                Pin(Array.ConvertAll((Tensor?[])argument.Reference!, t => t?.Handle ?? 0), ref native, pins, ref pinned);
                break;
            case ArgumentKind.String:
                Pin(Encoding.UTF8.GetBytes((string)argument.Reference!), ref native, pins, ref pinned);
                break;
            default:
                native.Integer = argument.Integer;
                break;
        }

        return native;
    }

    private static void Pin(Array values, ref NativeMethods.NativeArgument native, Span<GCHandle> pins, ref int pinned)
    {
        var handle = GCHandle.Alloc(values, GCHandleType.Pinned);
        pins[pinned++] = handle;
        native.Pointer = handle.AddrOfPinnedObject();
        native.Count = values.Length;
    }
}
