using System.Collections.Immutable;
using Occam.Lab.Measuring;
using Occam.Measures;
using Occam.Measures.Slope;
using Occam.Measures.Tokens;

namespace Occam.Lab.Texts;

/// <summary>A text, and where a network is steep on it.</summary>
/// <param name="Network">The network.</param>
/// <param name="Text">The text.</param>
/// <param name="Slopes">What was measured.</param>
/// <param name="Detached">The network as a linear map of this text; null where there is no graph as it was written.</param>
internal sealed record MeasuredText(MeasuredNetwork Network, TokenizedText Text, TokenSlopes Slopes, DetachedMap? Detached)
{
    /// <summary>‖∂h/∂e‖_F² of each layer's output h by the embedded tokens, estimated by random tangents.</summary>
    public ImmutableArray<LayerValue> Layers { get; init; } = [];

    /// <summary>The linear map, where it is the network's.</summary>
    public DetachedMap? Linear => Detached is { } map && map.Residual <= DetachedMap.Tolerance(Network.Context.Function.Type) ? map : null;

    /// <summary>Measures.</summary>
    /// <param name="loaded">The network.</param>
    /// <param name="text">The text, of one token at least.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Receives the progress.</param>
    /// <exception cref="OccamException">The network takes no texts, or not this one.</exception>
    public static MeasuredText Measure(LoadedSubject loaded, TokenizedText text, MeasureOptions options, WorkProgress progress)
    {
        if (text.Ids.IsEmpty)
        {
            throw new OccamException("the text is empty: give one of some tokens");
        }

        progress.Begin("Slopes by token");
        var data = TextInputs.Make(loaded.Loaded, text);
        try
        {
            var context = new MeasureContext(loaded.Subject, data, options with { Progress = progress.Report });
            var slopes = TokenSlopes.Measure(context, 0, text.Ids);
            var function = loaded.Subject.Function;
            var detached = loaded.Loaded.AsWritten is { } written
                ? DetachedMap.Measure(context, 0, written.To(function.Type, function.Device))
                : null;
            progress.Begin("Slopes by layer");
            return new MeasuredText(new MeasuredNetwork(loaded.Loaded, context, [], loaded.Threads), text, slopes, detached)
            {
                Layers = LayerComplexity.ByLayer(context),
            };
        }
        catch (OccamException e)
        {
            // It may be longer than the network has positions for.
            throw new OccamException($"the text has {text.Ids.Length} tokens, and the network can't take them: {e.Message}; fewer are "
                + "taken by --limit", e);
        }
    }
}
