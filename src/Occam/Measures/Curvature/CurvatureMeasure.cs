using Occam.Measures.Sharpness;

namespace Occam.Measures.Curvature;

/// <summary>
/// A measure of how the mean loss over the data bends with the weights: all parameters of the network with batch normalization folded into
/// them, biases too; evaluation mode. Cross-entropy, natural logarithm, where the data have labels; ½‖f(x) − y‖² where they have targets.
/// </summary>
public abstract record CurvatureMeasure : Measure
{
    /// <summary>Says what a measure is; data and the graph are needed in any case, a derivative by the weights unless told.</summary>
    private protected CurvatureMeasure(
        string id, string title, string source, string definition, MeasureNeeds needs = MeasureNeeds.WeightDerivative)
        : base(id, title, source, definition, MeasureNeeds.Data | MeasureNeeds.Graph | needs)
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

        if (ParameterLoss.Of(context, out var why, Use) is not { } loss)
        {
            return Blank with { NotApplicable = why };
        }

        var result = Compute(context, loss);
        return result with { Notes = [.. result.Notes, .. loss.Notes, .. context.Subject.Folding!.NotesOnWeights] };
    }

    /// <summary>What it does with the weights.</summary>
    private protected virtual WeightUse Use => WeightUse.Fixed;

    /// <summary>How many vectors as long as all weights it holds at once beside them, by how many weights there are.</summary>
    private protected abstract int Vectors(long size);

    /// <summary>The computation itself, on the loss as a function of the weights.</summary>
    private protected abstract MeasureResult Compute(MeasureContext context, ParameterLoss loss);

    /// <summary>A note on which matrix the numbers are of, where it needs one.</summary>
    private protected static string[] NotesOn(CurvatureMatrix of) => of switch
    {
        CurvatureMatrix.Fisher => ["Fisher's matrix is the Gauss–Newton matrix for this loss, and was computed as that"],
        CurvatureMatrix.EmpiricalFisher => ["of the gradients at the given answers: near a minimum it need not be like Fisher's matrix"],
        _ => [],
    };
}
