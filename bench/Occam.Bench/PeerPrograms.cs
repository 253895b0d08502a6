using System.Text.Json.Nodes;

namespace Occam.Bench;

/// <summary>The peers' programs, and what makes them fast.</summary>
internal static class PeerPrograms
{
    /// <summary>The programs for Jacobians, with networks of their own that it exports.</summary>
    public const string SlopeScript = "peers_slope.py";

    /// <summary>Tricks, as the table tells them.</summary>
    public const string ByHand = "Jacobian's factors multiplied by hand";
    /// <inheritdoc cref="ByHand"/>
    public const string Folded = "reverse passes, batch norm folded";
    /// <inheritdoc cref="ByHand"/>
    public const string Features = "reverse passes at the features";
    /// <inheritdoc cref="ByHand"/>
    public const string SmallerGram = "eigenvalues of the smaller Gram matrix";
    /// <inheritdoc cref="ByHand"/>
    public const string PassEach = "a forward pass each";
    /// <inheritdoc cref="ByHand"/>
    public const string Kept = "the gradient's graph kept over products";
    /// <inheritdoc cref="ByHand"/>
    public const string InPlace = "weights perturbed in place, folded, channels last";

    // Steps after which the losses of both sides are compared.
    public const int CheckedSteps = 50;

    public static (string Trick, string Method) Slope(string trick, string method) => (trick, method);

    public static (string Trick, string Method, int Examples) Slope(string trick, string method, int examples) =>
        (trick, method, examples);

    public static (string Trick, string Row, JsonObject More) Peer(
        string trick, string row, int? examples = null, JsonObject? options = null)
    {
        var more = new JsonObject();
        if (examples is { } count)
        {
            more["examples"] = count;
        }

        if (options is not null)
        {
            more["options"] = options;
        }

        return (trick, row, more);
    }

    public static PeerProgram WeightsProgram(string network, string data, (string Trick, string Row, JsonObject More) peer)
    {
        var request = Asked(peer.Row, network, data, null);
        foreach (var (name, value) in peer.More.ToArray())
        {
            request[name] = value?.DeepClone();
        }

        return new PeerProgram(peer.Trick, "peers_weights.py", request);
    }

    public static PeerProgram SlopeProgram(string network, string type, (string Trick, string Method) peer, int examples = 0)
    {
        var request = new JsonObject
        {
            ["folder"] = Setting.Exported(""),
            ["network"] = network,
            ["method"] = peer.Method,
            ["type"] = type,
        };
        if (examples > 0)
        {
            request["examples"] = examples;
        }

        return new PeerProgram(peer.Trick, SlopeScript, request, Greets: false);
    }

    public static JsonObject Asked(string row, string network, string data, JsonObject? options) => new()
    {
        ["row"] = row,
        ["network"] = network,
        ["weights"] = Setting.Exported(network + ".pt"),
        ["data"] = Setting.Exported(data + ".npz"),
        ["options"] = options ?? [],
    };

    public static PeerProgram Stacked(
        string network, string data, int count, int batch, double rate, bool half, int frozen, int steps) => new(
        $"{count:N0} networks stacked", "peers_training.py", Asked("stacked", network, data, new JsonObject
        {
            ["count"] = count,
            ["batch"] = batch,
            ["rate"] = rate,
            ["half"] = half,
            ["frozen"] = frozen,
            ["steps"] = steps,
            ["check"] = CheckedSteps,
        }));
}
