using Occam.Measures.Tokens;

namespace Occam.Lab.Documents;

/// <summary>A network as the linear map that it equals at a text, attention weights, gates and scales held (Golden 2025).</summary>
/// <param name="IsWhole">Whether the map gives the network's outputs, up to rounding; where it doesn't, its sums mean nothing.</param>
/// <param name="Residual">‖J⁺e − f(e)‖₂/‖f(e)‖₂.</param>
/// <param name="Position">The position whose logit is taken apart, from 0: the last.</param>
/// <param name="Class">The class, or token, of the logit: the largest there.</param>
/// <param name="Logit">The logit.</param>
/// <param name="Contributions">What each token adds to it.</param>
public sealed record DetachedEntry(
    bool IsWhole, double Residual, int Position, int Class, double Logit, IReadOnlyList<double> Contributions)
{
    internal static DetachedEntry Of(DetachedMap map, bool isWhole) =>
        new(isWhole, map.Residual, map.Position, map.Class, map.Logit, map.Contributions);
}
