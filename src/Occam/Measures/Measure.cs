using System.Diagnostics;
using Occam.Torch;

namespace Occam.Measures;

/// <summary>
/// A complexity measure: one file each, found by <see cref="MeasureCatalogue"/>. Its doc comment states the
/// definition, the paper and equation, and the conventions; its code reads like the formula.
/// </summary>
public abstract record Measure
{
    /// <summary>Says what a measure is.</summary>
    /// <param name="id">Its <see cref="Id"/>.</param>
    /// <param name="title">Its <see cref="Title"/>.</param>
    /// <param name="source">Its <see cref="Source"/>.</param>
    /// <param name="definition">Its <see cref="Definition"/>.</param>
    /// <param name="needs">Its <see cref="Needs"/>.</param>
    /// <param name="inDefaultSet">Whether it is <see cref="InDefaultSet"/>.</param>
    protected Measure(string id, string title, string source, string definition, MeasureNeeds needs, bool inDefaultSet = false)
    {
        Id = id;
        Title = title;
        Source = source;
        Definition = definition;
        Needs = needs;
        InDefaultSet = inDefaultSet;
    }

    /// <summary>The kebab-case name used in commands and files.</summary>
    public string Id { get; }

    /// <summary>A few words for a table.</summary>
    public string Title { get; }

    /// <summary>Paper and equation.</summary>
    public string Source { get; }

    /// <summary>The definition in a line of plain text.</summary>
    public string Definition { get; }

    /// <summary>What it can't do without.</summary>
    public MeasureNeeds Needs { get; }

    /// <summary>Whether it is among those computed when none are named: cheap, and of interest to anyone.</summary>
    public bool InDefaultSet { get; }

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
