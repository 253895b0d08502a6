namespace Occam.Measures.Weights;

/// <summary>
/// dim(w), how many numbers the parameters hold (Neyshabur et al. 2017, §2.1; Jiang et al. 2020, eq. 20): each stored
/// tensor once, biases among them, batch normalization folded. The network as it was given has <c>beforeFolding</c>.
/// </summary>
public sealed record ParameterCount() : Measure(
    "parameter-count", "Parameters", "Neyshabur et al. 2017, §2.1",
    "$dim(w)$, the numbers in all parameters, batch normalization folded", MeasureNeeds.Graph)
{
    /// <inheritdoc/>
    public override string Meaning => "How many numbers training could choose.";

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context) => Blank with
    {
        Value = context.FromModelInputs.Subject.Folded!.ParameterCount,
        Details = [new("beforeFolding", context.FromModelInputs.Subject.Network!.ParameterCount)],
    };
}
