using Occam.Measures.Slope;

namespace Occam.Theory.Parts;

/// <summary>Upper bounds of λ_f, λ_f^bound of Lemma 4 of Loukas et al. 2021, f the sigmoid of a network's one output.</summary>
internal static class LipschitzBounds
{
    // The steepest that a sigmoid is.
    private const double SteepestSigmoid = 0.25;

    /// <summary>Those that there are, each with where it comes from, whether it is certain to be one, and which inputs it is for.</summary>
    public static IEnumerable<(string Name, double Value, bool IsProved, Func<double[], bool> Domain)> Of(TheoryContext context)
    {
        if (new LipschitzUpper().Measurement(context.Measures).Value is { } product)
        {
            yield return ("the product of the layers' norms", SteepestSigmoid * product, true, _ => true);
        }

        if (context.Missing(TheoremNeeds.OneOutput | TheoremNeeds.PiecewiseLinear | TheoremNeeds.FirstLayer) is null
            && RegionsOfPlane.Of(context) is { } regions
            && (context.Test is not { } test || ExampleRows.Of(test).All(regions.Contains)))
        {
            yield return ("λ_f in the box around the data on their plane", LargestLipschitz.Of(context).Value, true, regions.Contains);
        }

        if (context.Run is not null && DropoutSteadiness.Of(context, out _) is { Broken: null } steadiness)
        {
            yield return (
                "λ_steady with the proof's k", steadiness.LipschitzOfProof(context.Options.Delta), steadiness.IsAfterForward, _ => true);
        }
    }
}
