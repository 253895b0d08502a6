namespace Occam.Torch;

/// <summary>
/// A function saved by <c>torch.jit.save</c>: it can be run and differentiated, but its operators are not accessible. It is a
/// program, which may read and write files, and a damaged one may end the process: load only what you trust.
/// </summary>
internal sealed unsafe class ScriptModule : IDisposable
{
    private nint _handle;

    private ScriptModule(nint handle) => _handle = handle;

    /// <summary>Frees the native module of an object that nobody disposed.</summary>
    ~ScriptModule() => Free();

    private nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(ScriptModule));

    /// <summary>Loads a module in evaluation mode.</summary>
    /// <exception cref="TorchException">The file is not TorchScript.</exception>
    public static ScriptModule Load(string path, Device device)
    {
        NativeMethods.Check(NativeMethods.occam_script_load(path, device.Packed, out var handle));
        return new ScriptModule(handle);
    }

    /// <summary>Runs the module on one tensor for one tensor.</summary>
    public Tensor Forward(Tensor input)
    {
        NativeMethods.Check(NativeMethods.occam_script_forward(Handle, input.Handle, out var result));
        GC.KeepAlive(input);
        GC.KeepAlive(this);
        return new Tensor(result);
    }

    /// <summary>Converts the module's parameters and buffers in place.</summary>
    public void To(ScalarType type)
    {
        NativeMethods.Check(NativeMethods.occam_script_convert(Handle, (int)type));
        GC.KeepAlive(this);
    }

    /// <summary>The module's parameters.</summary>
    public Tensor[] Parameters()
    {
        NativeMethods.Check(NativeMethods.occam_script_parameters(Handle, null, 0, out var count));
        var handles = new nint[count];
        fixed (nint* first = handles)
        {
            NativeMethods.Check(NativeMethods.occam_script_parameters(Handle, first, count, out _));
        }

        GC.KeepAlive(this);
        return Array.ConvertAll(handles, handle => new Tensor(handle));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        var handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0)
        {
            NativeMethods.occam_script_free(handle);
        }
    }
}
