namespace Occam.Torch;

/// <summary>
/// How much more memory what is computed on this thread may take for tensors on the CPU, until it is disposed: for work on the
/// word of a file that isn't trusted. It ends on the thread on which it began.
/// </summary>
internal sealed class MemoryCeiling : IDisposable
{
    private readonly NativeMethods.MemoryCeiling _before;
    private bool _isOver;

    /// <summary>Begins.</summary>
    /// <param name="bytes">How many bytes more than now; what is above throws a <see cref="TorchMemoryException"/>.</param>
    public MemoryCeiling(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        NativeMethods.occam_begin_memory_ceiling(bytes, out _before);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isOver)
        {
            _isOver = true;
            NativeMethods.occam_end_memory_ceiling(in _before);
        }
    }
}
