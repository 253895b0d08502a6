using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks.Rewrites;

/// <summary>
/// Puts batch normalizations into the weights of the layers beside them: the same function in evaluation mode,
/// to rounding. A normalization goes into the convolution or dense layer whose output it takes, or, where it
/// feeds only convolutions without padding or dense layers, into those. Elsewhere (after a sum, say) it
/// stays, and the result says why. The arithmetic is done in float64.
/// </summary>
public static class FoldBatchNorm
{
    /// <summary>Folds what can be folded exactly.</summary>
    public static Folding Apply(Network network)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var draft = new GraphDraft(network);
        var folded = ImmutableArray.CreateBuilder<FoldedNode>();
        var left = ImmutableArray.CreateBuilder<NotFolded>();
        for (var place = 0; place < draft.Places; place++)
        {
            if (draft[place] is not { OperatorType: "BatchNormalization" } norm)
            {
                continue;
            }

            using var inner = Libtorch.NewDisposeScope();
            if (Fold(draft, place, norm, out var into) is { } why)
            {
                left.Add(new NotFolded(norm.Name, why));
            }
            else
            {
                folded.Add(new FoldedNode(norm.Name, into));
            }
        }

        return new Folding(folded.Count > 0 ? draft.ToNetwork() : network, folded.ToImmutable(), left.ToImmutable());
    }

    private static string? Fold(GraphDraft draft, int place, Node norm, out string into)
    {
        into = "";
        if (ChannelScaling.Of(draft, norm, out var why) is not { } scaling)
        {
            return why;
        }

        if (norm.Outputs.Skip(1).Any(name => draft.IsOutput(name) || draft.Consumers(name).Count > 0))
        {
            return "its statistics are used elsewhere";
        }

        if (FoldIntoProducer.Fold(draft, place, norm, scaling, out into) is not { } before)
        {
            return null;
        }

        return FoldIntoConsumers.Fold(draft, place, norm, scaling, out into) is { } after ? $"{before}, and {after}" : null;
    }
}
