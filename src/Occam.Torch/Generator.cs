namespace Occam.Torch;

/// <summary>A seeded source of random numbers on a device. Its state can be saved and set again.</summary>
/// <remarks>For one thread at a time: what several draw from one generator depends on who comes first.</remarks>
public sealed class Generator : IDisposable
{
    private nint _handle;

    /// <summary>Makes a generator for a device; the same seed gives the same numbers there.</summary>
    public Generator(ulong seed, Device? device = null)
    {
        Device = device ?? Device.Cpu;
        NativeMethods.Check(NativeMethods.occam_generator(Device.Packed, seed, out _handle));
    }

    /// <summary>Frees the native generator of an object that nobody disposed.</summary>
    ~Generator() => Free();

    /// <summary>The device that the numbers are made on.</summary>
    public Device Device { get; }

    internal nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Generator));

    /// <summary>The state as a tensor of bytes.</summary>
    public Tensor GetState()
    {
        NativeMethods.Check(NativeMethods.occam_generator_state(Handle, out var state));
        GC.KeepAlive(this);
        return new Tensor(state);
    }

    /// <summary>Goes back to a state that <see cref="GetState"/> gave.</summary>
    public void SetState(Tensor state)
    {
        NativeMethods.Check(NativeMethods.occam_generator_set_state(Handle, state.Handle));
        GC.KeepAlive(state);
        GC.KeepAlive(this);
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
            NativeMethods.occam_generator_free(handle);
        }
    }
}
