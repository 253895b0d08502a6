using System.Diagnostics;
using Occam.Torch;

namespace Occam.Measures;

/// <summary>
/// A complexity measure: one file each, found by <see cref="MeasureCatalogue"/>. Its doc comment states the
/// definition, the paper and equation, and the conventions; its code reads like the formula.
/// </summary>
public abstract class Measure
{
    /// <summary>The kebab-case name used in commands and files.</summary>
    public abstract string Id { get; }

    /// <summary>A few words for a table.</summary>
    public abstract string Title { get; }

    /// <summary>Paper and equation.</summary>
    public abstract string Source { get; }

    /// <summary>The definition in a line of plain text.</summary>
    public abstract string Definition { get; }

    /// <summary>What it can't do without.</summary>
    public abstract MeasureNeeds Needs { get; }

    /// <summary>Whether it is among those computed when none are named: cheap, and of interest to anyone.</summary>
    public virtual bool InDefaultSet => false;

    /// <summary>
    /// Computes the measure; when something that it needs is missing, the result has no value and says why.
    /// </summary>
    /// <exception cref="OccamException">The network or the data are unusable.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    public MeasureResult Measurement(MeasureContext context)
    {
        var clock = Stopwatch.StartNew();
        var missing = context.Missing(Needs);
        if (missing is not null)
        {
            return Blank with { NotApplicable = missing };
        }

        context.Options.Cancellation.ThrowIfCancellationRequested();
        using var scope = Libtorch.NewDisposeScope();
        return Compute(context) with { Seconds = clock.Elapsed.TotalSeconds };
    }

    /// <summary>A result without a value: what <see cref="Compute"/> fills in.</summary>
    protected MeasureResult Blank => new() { Id = Id, Title = Title, Source = Source };

    /// <summary>The computation itself, when all that is needed is there.</summary>
    protected abstract MeasureResult Compute(MeasureContext context);
}
