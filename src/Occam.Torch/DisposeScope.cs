namespace Occam.Torch;

/// <summary>
/// Frees every tensor made on this thread while it was the innermost scope, except those moved out.
/// Open one around each step of a loop: <c>using var scope = Libtorch.NewDisposeScope();</c>
/// </summary>
/// <remarks>It belongs to the thread that opened it: tensors made on others aren't in it, and no other may take any out of it.</remarks>
public sealed class DisposeScope : IDisposable
{
    [ThreadStatic]
    private static DisposeScope? s_innermost;

    private readonly DisposeScope? _outer;
    private readonly HashSet<Tensor> _tensors = new(ReferenceEqualityComparer.Instance);

    internal DisposeScope()
    {
        _outer = s_innermost;
        s_innermost = this;
    }

    /// <summary>How many tensors the scope would free now.</summary>
    public int Count => _tensors.Count;

    /// <summary>Frees the scope's tensors and makes the scope around it the innermost again.</summary>
    /// <exception cref="InvalidOperationException">A scope opened later is still open.</exception>
    public void Dispose()
    {
        if (s_innermost != this)
        {
            throw new InvalidOperationException(
                "dispose scopes must be closed in the reverse order of their opening, on the thread that opened them");
        }

        s_innermost = _outer;
        foreach (var tensor in _tensors)
        {
            tensor.Free();
        }

        _tensors.Clear();
    }

    internal static DisposeScope? Register(Tensor tensor)
    {
        s_innermost?._tensors.Add(tensor);
        return s_innermost;
    }

    internal void Remove(Tensor tensor) => _tensors.Remove(tensor);

    internal DisposeScope? MoveOut(Tensor tensor)
    {
        _tensors.Remove(tensor);
        _outer?._tensors.Add(tensor);
        return _outer;
    }
}
