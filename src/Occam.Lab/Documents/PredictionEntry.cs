using Occam.Lab.Texts;

namespace Occam.Lab.Documents;

/// <summary>A prediction of a network on a text.</summary>
/// <param name="Target">The token, or the class, whose loss it is.</param>
/// <param name="Loss">Its loss −log p, in nats.</param>
/// <param name="Margin">How far its logit is above every other; below 0 where another one is chosen.</param>
/// <param name="Influence">‖∂ℓ/∂e_t‖₂ of the loss by the embedding of each token t.</param>
public sealed record PredictionEntry(int Target, double Loss, double Margin, IReadOnlyList<double> Influence)
{
    internal static PredictionEntry Of(MeasuredText measured, int at) => new(
        measured.Slopes.Targets[at], measured.Slopes.Losses[at], measured.Slopes.Margins[at], measured.Slopes.Influence[at]);
}
