using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Occam.Networks;

/// <summary>Nodes compared by identity: two equal ones at different places of a graph are different nodes.</summary>
internal sealed class NodeIdentity : IEqualityComparer<Node>
{
    public static NodeIdentity Comparer { get; } = new();

    public bool Equals(Node? left, Node? right) => ReferenceEquals(left, right);

    public int GetHashCode([DisallowNull] Node node) => RuntimeHelpers.GetHashCode(node);
}
