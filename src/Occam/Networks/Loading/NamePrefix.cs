using Occam.Data;

namespace Occam.Networks.Loading;

/// <summary>
/// What stands before the names of a file's tensors and not before a network's, or the other way: a model that is part of another.
/// </summary>
/// <param name="InFile">What the file has before each name.</param>
/// <param name="OfNetwork">What the network has.</param>
internal sealed record NamePrefix(string InFile, string OfNetwork)
{
    private static readonly NamePrefix s_none = new("", "");

    /// <summary>How it was used, as the end of a sentence; empty where names are the same.</summary>
    public string Told => InFile.Length > 0 ? $", their names without '{Message.Clean(InFile)}'"
        : OfNetwork.Length > 0 ? $", '{Message.Clean(OfNetwork)}' before their names"
        : "";

    /// <summary>The one by which most of a network's names are found; none where that is as good.</summary>
    /// <param name="file">The file's names.</param>
    /// <param name="network">The network's names.</param>
    public static NamePrefix Between(IEnumerable<string> file, IReadOnlyCollection<string> network)
    {
        var names = file.ToArray();
        var best = (Prefix: s_none, Count: names.Count(network.Contains));
        var candidates = network.Take(1).SelectMany(own => names.SelectMany(name => Before(name, own))).Distinct();
        foreach (var prefix in candidates)
        {
            var count = names.Select(prefix.InNetwork).Count(name => name is not null && network.Contains(name));
            best = count > best.Count ? (prefix, count) : best;
        }

        return best.Prefix;
    }

    /// <summary>The network's name for a tensor of the file; null where the file's doesn't have the prefix.</summary>
    public string? InNetwork(string name) =>
        name.StartsWith(InFile, StringComparison.Ordinal) ? OfNetwork + name[InFile.Length..] : null;

    private static IEnumerable<NamePrefix> Before(string name, string own) =>
        name.EndsWith("." + own, StringComparison.Ordinal) ? [new NamePrefix(name[..^own.Length], "")]
        : own.EndsWith("." + name, StringComparison.Ordinal) ? [new NamePrefix("", own[..^name.Length])]
        : [];
}
