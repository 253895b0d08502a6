namespace Occam.Measures.Sharpness;

/// <summary>
/// A measure of how the training loss changes when the weights do. Weights: all parameters of the network with batch
/// normalization folded into them, biases too; evaluation mode. Loss: mean cross-entropy over the data, natural logarithm.
/// </summary>
public abstract record SharpnessMeasure : Measure
{
    /// <summary>Says what a measure is; labelled data and the graph are needed in any case.</summary>
    private protected SharpnessMeasure(string id, string title, string source, string definition, MeasureNeeds needs = MeasureNeeds.None)
        : base(id, title, source, definition, MeasureNeeds.Data | MeasureNeeds.Labels | MeasureNeeds.Graph | needs)
    {
    }

    /// <inheritdoc/>
    public sealed override bool HoldsInputs => true;

    /// <inheritdoc/>
    protected sealed override MeasureResult Compute(MeasureContext context)
    {
        context = context.FromModelInputs;
        if (context.Subject.Folded is { Parameters.IsEmpty: false } network
            && VectorMemory.Problem(network, Vectors(network.ParameterCount)) is { } tooMuch)
        {
            return Blank with { NotApplicable = tooMuch };
        }

        if (LossSurface.Of(context, out var why, Use) is not { } surface)
        {
            return Blank with { NotApplicable = why };
        }

        var result = Compute(context, surface);
        return result with { Notes = [.. result.Notes, .. context.Subject.Folding!.NotesOnWeights] };
    }

    /// <summary>What it does with the weights.</summary>
    private protected virtual WeightUse Use => WeightUse.Noisy;

    /// <summary>How many vectors as long as all weights it holds at once beside them, by how many weights there are.</summary>
    private protected virtual int Vectors(long size) => 0;

    /// <summary>The computation itself, on the surface of the loss.</summary>
    private protected abstract MeasureResult Compute(MeasureContext context, LossSurface surface);
}
