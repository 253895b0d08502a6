using System.Diagnostics;
using Occam.Torch;

namespace Occam.Theory;

/// <summary>
/// A theorem as something to compute: one file each, found by <see cref="TheoremCatalogue"/>. Both sides of its
/// inequalities are computed and its hypotheses measured on a given network, never assumed; where a hypothesis doesn't
/// hold the answer is "not applicable: why", never a number that looks like a bound.
/// </summary>
public abstract class Theorem(string id, string title, string source, string statement, TheoremNeeds needs = TheoremNeeds.None)
{
    /// <summary>The kebab-case name used in commands and files.</summary>
    public string Id { get; } = id;

    /// <summary>A few words for a table.</summary>
    public string Title { get; } = title;

    /// <summary>Paper and number.</summary>
    public string Source { get; } = source;

    /// <summary>What it says, in a line of plain text.</summary>
    public string Statement { get; } = statement;

    /// <summary>What it can't do without.</summary>
    public TheoremNeeds Needs { get; } = needs;

    /// <summary>
    /// Whether it takes the function from batches of examples: then the network may have inputs that are held at each example's own, and
    /// the function may be of a value inside the model. Others read the examples' own numbers.
    /// </summary>
    public virtual bool IsOfBatches => false;

    /// <summary>Computes both sides.</summary>
    /// <exception cref="OccamException">The network or the data are unusable.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    public TheoremResult Check(TheoryContext context)
    {
        var clock = Stopwatch.StartNew();
        if ((context.Missing(Needs) ?? (IsOfBatches ? null : context.WhyNotByNumbers)) is { } missing)
        {
            return Blank with { NotApplicable = missing };
        }

        using var scope = Libtorch.NewDisposeScope();
        return Verify(context) with { Seconds = clock.Elapsed.TotalSeconds };
    }

    /// <summary>A result without inequalities: what <see cref="Verify"/> fills in.</summary>
    protected TheoremResult Blank => new() { Id = Id, Title = Title, Source = Source };

    /// <summary>The computation itself, when all that is needed is there.</summary>
    protected abstract TheoremResult Verify(TheoryContext context);
}
