namespace Occam.Torch;

/// <summary>Holds autograd's recording on or off for this thread; disposing it restores what was.</summary>
public sealed class GradModeScope : IDisposable
{
    private readonly bool _before;
    private bool _disposed;

    internal GradModeScope(bool enabled) => _before = NativeMethods.occam_set_grad_enabled(enabled ? 1 : 0) != 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _ = NativeMethods.occam_set_grad_enabled(_before ? 1 : 0);
        }
    }
}
