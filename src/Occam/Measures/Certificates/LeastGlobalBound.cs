using Occam.Measures.Weights;

namespace Occam.Measures.Certificates;

/// <summary>
/// The least upper bound of the global Lipschitz constant in ℓ2 that is proven in a run: the norms composed (<c>lipschitz-upper</c>), and
/// those of <c>lipschitz-certificate</c> and <c>lipschitz-exact</c> where these are among the measures asked for. What is said of a part
/// of the input's space is never above what the same run says of the whole.
/// </summary>
internal static class LeastGlobalBound
{
    /// <summary>The bound; infinite where there is none.</summary>
    public static double Of(MeasureContext context) =>
        context.Shared(default(Key), () => All(context).Append(double.PositiveInfinity).Min());

    private static IEnumerable<double> All(MeasureContext context)
    {
        if (LipschitzBound.Of(context) is { Unbounded: null, Value: var composed })
        {
            yield return composed;
        }

        foreach (var certificate in Asked<LipschitzCertificate>(context))
        {
            foreach (var bound in certificate.UpperBounds(context))
            {
                yield return bound.Value + bound.Residual;
            }
        }

        foreach (var exact in Asked<LipschitzExact>(context))
        {
            if (exact.Search(context) is { IsDone: true, Upper: var upper })
            {
                yield return upper * (1 + LipschitzCertificate.SearchRounding);
            }
        }
    }

    private static IEnumerable<T> Asked<T>(MeasureContext context) where T : Measure =>
        context.Planned.OfType<T>().Where(asked => asked.Problem() is null && context.WhyNot(asked) is null);

    private readonly record struct Key;
}
