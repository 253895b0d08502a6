using System.Collections.Immutable;
using System.Diagnostics;
using MathNet.Numerics;
using Occam.Formulas;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Measures;

/// <summary>
/// A complexity measure: one file each, found by <see cref="MeasureCatalogue"/>. Its doc comment states the
/// definition, the paper and equation, and the conventions; its code reads like the formula.
/// </summary>
public abstract record Measure
{
    private const string NoNumber = "comes out as no number: values or derivatives of the network overflow, or aren't defined";

    /// <summary>The command that lists all measures, and all about one.</summary>
    public const string Catalogue = "occam measures";

    /// <summary>Says what a measure is.</summary>
    /// <param name="id">Its <see cref="Id"/>.</param>
    /// <param name="title">Its <see cref="Title"/>.</param>
    /// <param name="source">Its <see cref="Source"/>.</param>
    /// <param name="definition">Its <see cref="Definition"/>: the formula between dollar signs, then the rest.</param>
    /// <param name="needs">Its <see cref="Needs"/>.</param>
    /// <param name="inDefaultSet">Whether it is <see cref="InDefaultSet"/>.</param>
    protected Measure(string id, string title, string source, string definition, MeasureNeeds needs, bool inDefaultSet = false)
    {
        Id = id;
        Title = title;
        Source = source;
        Definition = new MathText(definition);
        Needs = needs;
        InDefaultSet = inDefaultSet;
    }

    /// <summary>The kebab-case name used in commands and files.</summary>
    public string Id { get; }

    /// <summary>A few words for a table.</summary>
    public string Title { get; }

    /// <summary>Paper and equation.</summary>
    public string Source { get; }

    /// <summary>The definition: its formula, and what belongs to it.</summary>
    public MathText Definition { get; }

    /// <summary>What it says of a network, in a sentence for who doesn't know its formula; empty where there is none.</summary>
    public virtual string Meaning => "";

    /// <summary>What it can't do without.</summary>
    public MeasureNeeds Needs { get; }

    /// <summary>
    /// Whether it can be computed where the network has inputs beside the one that the function is of, held at each example's own: it
    /// then takes the function from each <see cref="ExampleBatch"/>. A measure of the weights alone can.
    /// </summary>
    public virtual bool HoldsInputs => !Needs.HasFlag(MeasureNeeds.Data);

    /// <summary>Why not, where it can't be: the names of those inputs follow.</summary>
    public virtual string WhyNotHolding => "is not computed where inputs are held beside the function's own";

    /// <summary>
    /// Whether it can be computed in shards: whatever it needs of the examples are numbers by example (<see cref="ExamplePass"/>), from
    /// which it is made when all are there. A measure of the weights alone can.
    /// </summary>
    public virtual bool IsByExample => !Needs.HasFlag(MeasureNeeds.Data);

    /// <summary>Whether it needs nothing but matrices of weights, neither their order nor the function.</summary>
    internal virtual bool IsOfWeightsAlone => false;

    /// <summary>Whether it is among those computed when none are named: cheap, and of interest to anyone.</summary>
    public bool InDefaultSet { get; }

    /// <summary>Its parameters, in the order of its constructor.</summary>
    public ImmutableArray<MeasureParameter> Parameters => MeasureParameter.Of(this);

    /// <summary>The id, and in parentheses the parameters that aren't at their defaults: <c>group-norm(p=1)</c>.</summary>
    public string Name => NameOf(Id, [.. Parameters.Where(parameter => !parameter.IsDefault)]);

    /// <summary>What is wrong with the parameters, or null where nothing is.</summary>
    public virtual string? Problem() => null;

    /// <inheritdoc cref="Name"/>
    public sealed override string ToString() => Name;

    /// <summary>The name of a measure whose parameters, but those given, are at their defaults.</summary>
    internal static string NameOf(string id, ImmutableArray<MeasureParameter> parameters) =>
        parameters.IsEmpty ? id : $"{id}({string.Join(", ", parameters)})";

    /// <summary>
    /// Computes the measure; when something that it needs is missing, the result has no value and says why.
    /// </summary>
    /// <exception cref="OccamException">The network or the data are unusable, or there is a <see cref="Problem"/>.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    public MeasureResult Measurement(MeasureContext context)
    {
        var clock = Stopwatch.StartNew();
        if (Problem() is { } problem)
        {
            throw new OccamException(problem);
        }

        var missing = context.WhyNot(this);
        if (missing is not null)
        {
            return Blank with { NotApplicable = missing };
        }

        context.Options.Cancellation.ThrowIfCancellationRequested();
        using var scope = Libtorch.NewDisposeScope();
        try
        {
            var result = Compute(context);
            var told = IsNumber(result) ? result : Blank with { NotApplicable = NoNumber };
            return told with
            {
                Seconds = clock.Elapsed.TotalSeconds,
                Notes = Needs.HasFlag(MeasureNeeds.WeightDerivative) ? [.. told.Notes, .. context.CutWaysOfWeights] : told.Notes,
            };
        }
        catch (TorchMemoryException e)
        {
            return Blank with { NotApplicable = $"wants {MemoryText.Of(e)}" };
        }
        catch (Exception e) when (e is TorchException or NonConvergenceException or OccamException { InnerException: TorchException })
        {
            // What a node can't do where derivatives are recorded, it could when its outputs were counted.
            var said = (e is TorchException ? context.DerivativeFault() : null) ?? e.Message;
            return Blank with { NotApplicable = $"can't be computed on this network: {PrintableText.Line(said)}" };
        }
    }

    // What leaves the range of doubles is known where its logarithm is.
    private static bool IsNumber(MeasureResult result) => result.Value is not { } value || double.IsFinite(value)
        || (!double.IsNaN(value) && result.Details.Any(detail => detail.Key == "ln"));

    /// <summary>A result without a value: what <see cref="Compute"/> fills in.</summary>
    protected MeasureResult Blank => new()
    {
        Id = Id,
        Title = Title,
        Source = Source,
        Parameters = [.. Parameters.Where(parameter => !parameter.IsDefault)],
    };

    /// <summary>A problem where a condition doesn't hold: "0 steps can't be: give at least 1".</summary>
    /// <param name="holds">The condition.</param>
    /// <param name="what">What was asked for.</param>
    /// <param name="expected">What to give.</param>
    private protected static string? Unless(bool holds, string what, string expected) => holds ? null : $"{what} can't be: give {expected}";

    /// <summary>The computation itself, when all that is needed is there.</summary>
    protected abstract MeasureResult Compute(MeasureContext context);
}
