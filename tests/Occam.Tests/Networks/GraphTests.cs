using Xunit;

namespace Occam.Tests.Networks;

public class GraphTests
{
    [Fact]
    public void A_rewritten_graph_looks_anew_at_its_own_nodes()
    {
        var graph = TestGraphs.Mlp();
        Assert.Contains("y", graph.Varying);
        Assert.True(graph.Producers.ContainsKey("y"));

        var shorter = graph with { Nodes = graph.Nodes[..^1] };

        Assert.DoesNotContain("y", shorter.Varying);
        Assert.False(shorter.Producers.ContainsKey("y"));
        Assert.Empty(shorter.Consumers["a"]);
        Assert.Same(graph.Initializers, shorter.Initializers);
    }
}
