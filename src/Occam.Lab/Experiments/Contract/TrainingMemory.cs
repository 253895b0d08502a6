using System.Collections.Concurrent;

namespace Occam.Lab.Experiments.Contract;

/// <summary>
/// Keeps what was computed for a context, so that figures of the same trainings, computed one after the other, train once.
/// </summary>
internal sealed class TrainingMemory<T>
    where T : notnull
{
    private readonly ConcurrentDictionary<string, T> _kept = new();

    /// <summary>What was computed for a context like this one, or what is computed now.</summary>
    public T Get(ExperimentContext context, Func<T> compute)
    {
        var key = $"{context.Scale}; {string.Join(",", context.Seeds)}; {context.DataRoot}; {context.Device}; {context.Precision}; "
            + $"{string.Join(",", context.Given)}";
        return _kept.TryGetValue(key, out var kept) ? kept : _kept[key] = compute();
    }
}
