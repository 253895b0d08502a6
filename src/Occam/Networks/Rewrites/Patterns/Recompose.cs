using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks.Rewrites.Patterns;

/// <summary>
/// Puts together again what exporters for old operator sets take apart: activations, normalizations and attentions become
/// one node each, which has a slope, a Lipschitz bound and paths. The function is the same, to the rounding of the constants in the
/// file. A node takes the place, the name and the output of the last that it stands for; where a value in between is
/// used elsewhere too, all stays as it is.
/// </summary>
/// <remarks>
/// The operators may be newer than the graph's operator set. Occam runs them; <see cref="Onnx.OnnxWriter"/> refuses them, so that what is
/// written is the graph as it was read.
/// </remarks>
internal static class Recompose
{
    /// <summary>Puts together all that is found, until nothing more is.</summary>
    public static Recomposition Apply(Network network)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var draft = new GraphDraft(network);
        var found = new SortedDictionary<int, RecomposedNode>();
        while (FormCatalogue.All.Aggregate(false, (changed, form) => Apply(draft, form, found) || changed))
        {
        }

        return new Recomposition(found.Count > 0 ? draft.ToNetwork() : network, [.. found.Values]);
    }

    private static bool Apply(GraphDraft draft, Form form, SortedDictionary<int, RecomposedNode> found)
    {
        var changed = false;
        foreach (var pattern in form.Patterns)
        {
            for (var place = 0; place < draft.Places; place++)
            {
                if (draft[place] is { Outputs.Length: 1 } last && Fitting(draft, form, pattern, place, last) is var (made, inner))
                {
                    foreach (var gone in inner)
                    {
                        draft.Replace(gone, null);
                        found.Remove(gone);
                    }

                    draft.Replace(place, made);
                    var (one, several) = form.Names(made);
                    found[place] = new RecomposedNode(made.Name, one, several);
                    changed = true;
                }
            }
        }

        return changed;
    }

    private static (Node Made, ImmutableHashSet<int> Inner)? Fitting(GraphDraft draft, Form form, Pattern pattern, int place, Node last)
    {
        foreach (var match in pattern.Find(draft, last.Output, Match.Empty))
        {
            var inner = match.Places.Remove(place);
            if (inner.Count > 0 && match.Places.Contains(place) && inner.All(at => IsInside(draft, at, match.Places))
                && form.Make(draft, last, match) is { } made)
            {
                return (made, inner);
            }
        }

        return null;
    }

    private static bool IsInside(GraphDraft draft, int at, ImmutableHashSet<int> places) =>
        draft[at]!.Outputs.All(name => !draft.IsOutput(name) && draft.Consumers(name).All(places.Contains));
}
