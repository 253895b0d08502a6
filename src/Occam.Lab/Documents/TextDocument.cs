using Occam.Lab.Texts;
using Occam.Measures.Tokens;

namespace Occam.Lab.Documents;

/// <summary>What <c>occam text --json</c> writes.</summary>
/// <param name="Occam">The version of Occam.</param>
/// <param name="Network">The network, and what was done to it.</param>
/// <param name="Target">What the predictions are of: the next token, the same one, or a class of the whole text.</param>
/// <param name="Perplexity">exp of the mean loss of the next tokens; null where the model doesn't predict these.</param>
/// <param name="SquaredNorm">‖J‖_F² at this text: the sum over the tokens.</param>
/// <param name="Note">How it was estimated; null where it is exact.</param>
/// <param name="Tokens">The tokens in their order.</param>
/// <param name="Predictions">The predictions in their order, with how much each token moves each.</param>
/// <param name="Layers">‖∂h/∂e‖_F² of each layer's output h by the embedded tokens, estimated by random tangents.</param>
/// <param name="Detached">The network as a linear map of this text; null where it has no graph.</param>
public sealed record TextDocument(
    string Occam,
    NetworkEntry Network,
    TokenTarget Target,
    double? Perplexity,
    double SquaredNorm,
    string? Note,
    IReadOnlyList<TokenEntry> Tokens,
    IReadOnlyList<PredictionEntry> Predictions,
    IReadOnlyList<ResultEntry.LayerEntry> Layers,
    DetachedEntry? Detached)
{
    internal static TextDocument Of(MeasuredText measured) => new(
        RunEnvironment.Version,
        NetworkEntry.Of(measured.Network),
        measured.Slopes.Target,
        measured.Slopes.Perplexity,
        measured.Slopes.SquaredNorms.Sum(norm => norm.Value),
        measured.Slopes.Note,
        [.. Enumerable.Range(0, measured.Text.Ids.Length).Select(at => TokenEntry.Of(measured, at))],
        [.. Enumerable.Range(0, measured.Slopes.Targets.Length).Select(at => PredictionEntry.Of(measured, at))],
        [.. measured.Layers.Select(ResultEntry.LayerEntry.Of)],
        measured.Detached is { } map ? DetachedEntry.Of(map, measured.Linear is not null) : null);
}
