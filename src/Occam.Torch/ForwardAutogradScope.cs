namespace Occam.Torch;

/// <summary>
/// Forward-mode derivatives: within the scope, a tensor made by <see cref="MakeDual"/> carries a tangent
/// through every operator, and <see cref="Tangent"/> reads it off the result: a Jacobian-vector product
/// for about the price of a second forward pass. libtorch has one forward mode for the whole process: a scope waits
/// until no other thread is in one.
/// </summary>
public sealed class ForwardAutogradScope : IDisposable
{
    private static readonly TorchOperator s_makeDual = new("aten::_make_dual");
    private static readonly TorchOperator s_unpackDual = new("aten::_unpack_dual");

    private static readonly SemaphoreSlim s_only = new(1, 1);

    [ThreadStatic]
    private static bool s_open;

    private readonly long _level;
    private bool _disposed;

    /// <summary>Enters forward mode. Scopes don't nest.</summary>
    /// <exception cref="InvalidOperationException">This thread is in a scope already.</exception>
    public ForwardAutogradScope()
    {
        if (s_open)
        {
            throw new InvalidOperationException("scopes of forward-mode differentiation can't be nested");
        }

        s_only.Wait();
        try
        {
            NativeMethods.Check(NativeMethods.occam_enter_forward_ad(out _level));
        }
        catch
        {
            s_only.Release();
            throw;
        }

        s_open = true;
    }

    /// <summary>Whether this thread is in forward mode, where any tensor may carry a tangent.</summary>
    public static bool IsOpen => s_open;

    /// <summary>The tensor with a tangent of its shape.</summary>
    public Tensor MakeDual(Tensor primal, Tensor tangent) => s_makeDual.Call(primal, tangent, _level);

    /// <summary>The tangent that a result carries; null when it doesn't depend on a dual tensor.</summary>
    public Tensor? Tangent(Tensor result)
    {
        var parts = s_unpackDual.CallAll(result, _level);
        return parts[1];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            s_open = false;
            try
            {
                NativeMethods.Check(NativeMethods.occam_leave_forward_ad(_level));
            }
            finally
            {
                s_only.Release();
            }
        }
    }
}
