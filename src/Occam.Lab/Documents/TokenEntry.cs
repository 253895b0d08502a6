using Occam.Lab.Texts;

namespace Occam.Lab.Documents;

/// <summary>How much the output moves with a token of a text.</summary>
/// <param name="Id">The token's number.</param>
/// <param name="Piece">The token as text.</param>
/// <param name="SquaredNorm">‖∂f/∂e_t‖_F² of the logits by the token's embedding.</param>
/// <param name="StandardError">Its standard error; 0 where it is exact.</param>
/// <param name="EffectiveRank">The effective rank of ∂f/∂e_t; null where its singular values weren't computed.</param>
/// <param name="SingularValues">The singular values of ∂f/∂e_t, the largest first; null where they weren't computed.</param>
public sealed record TokenEntry(
    int Id, string Piece, double SquaredNorm, double StandardError, double? EffectiveRank, IReadOnlyList<double>? SingularValues)
{
    internal static TokenEntry Of(MeasuredText measured, int at)
    {
        var (slopes, norm) = (measured.Slopes, measured.Slopes.SquaredNorms[at]);
        return slopes.SingularValues.IsEmpty
            ? new TokenEntry(measured.Text.Ids[at], measured.Text.Pieces[at], norm.Value, norm.StandardError, null, null)
            : new TokenEntry(
                measured.Text.Ids[at], measured.Text.Pieces[at], norm.Value, norm.StandardError, slopes.EffectiveRanks[at],
                slopes.SingularValues[at]);
    }
}
