namespace Occam.Measures.Weights;

/// <summary>
/// dim(w), how many numbers the parameters hold (Neyshabur et al. 2017, §2.1; Jiang et al. 2020, eq. 20): each stored
/// tensor once, biases among them, batch normalization folded. The network as it was given has <c>beforeFolding</c>.
/// </summary>
public sealed class ParameterCount : Measure
{
    /// <inheritdoc/>
    public override string Id => "parameter-count";

    /// <inheritdoc/>
    public override string Title => "Parameters";

    /// <inheritdoc/>
    public override string Source => "Neyshabur et al. 2017, §2.1";

    /// <inheritdoc/>
    public override string Definition => "dim(w): the numbers in all parameters, batch normalization folded";

    /// <inheritdoc/>
    public override MeasureNeeds Needs => MeasureNeeds.Graph;

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context) => Blank with
    {
        Value = context.Subject.Folded!.ParameterCount,
        Details = [new("beforeFolding", context.Subject.Network!.ParameterCount)],
    };
}
