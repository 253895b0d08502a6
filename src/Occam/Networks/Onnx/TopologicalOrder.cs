using System.Collections.Immutable;

namespace Occam.Networks.Onnx;

/// <summary>Nodes put after those that they take their inputs from; those of a file that is in order keep it.</summary>
internal static class TopologicalOrder
{
    /// <summary>Sorts nodes.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="known">The values that are there without them.</param>
    /// <exception cref="OccamException">A value is missing, made twice, or needed for itself.</exception>
    public static ImmutableArray<Node> Sort(IReadOnlyList<Node> nodes, IReadOnlySet<string> known)
    {
        var producers = Producers(nodes, known);
        var waiting = new int[nodes.Count];
        var consumers = new List<int>?[nodes.Count];
        var ready = new PriorityQueue<int, int>();
        for (var i = 0; i < nodes.Count; i++)
        {
            foreach (var name in nodes[i].Inputs.Where(name => name.Length > 0 && !known.Contains(name)).Distinct())
            {
                if (!producers.TryGetValue(name, out var producer))
                {
                    throw new OccamException($"{nodes[i]} takes the value '{name}', which nothing in the model computes or stores");
                }

                (consumers[producer] ??= []).Add(i);
                waiting[i]++;
            }

            if (waiting[i] == 0)
            {
                ready.Enqueue(i, i);
            }
        }

        var sorted = ImmutableArray.CreateBuilder<Node>(nodes.Count);
        while (ready.TryDequeue(out var next, out _))
        {
            sorted.Add(nodes[next]);
            foreach (var consumer in consumers[next] ?? [])
            {
                if (--waiting[consumer] == 0)
                {
                    ready.Enqueue(consumer, consumer);
                }
            }
        }

        return sorted.Count == nodes.Count
            ? sorted.MoveToImmutable()
            : throw new OccamException("the model's nodes form a cycle, one of them being "
                + $"{nodes[OnCycle(nodes, producers, waiting)]}: expected a graph without cycles");
    }

    private static Dictionary<string, int> Producers(IReadOnlyList<Node> nodes, IReadOnlySet<string> known)
    {
        var producers = new Dictionary<string, int>();
        for (var i = 0; i < nodes.Count; i++)
        {
            foreach (var name in nodes[i].Outputs.Where(name => name.Length > 0))
            {
                if (known.Contains(name) || !producers.TryAdd(name, i))
                {
                    throw new OccamException(
                        $"{nodes[i]} computes the value '{name}', which is there already: expected every value to be made once");
                }
            }
        }

        return producers;
    }

    // From a node that waits, back to one it waits for: after as many steps as there are nodes, that is on a cycle.
    private static int OnCycle(IReadOnlyList<Node> nodes, Dictionary<string, int> producers, int[] waiting)
    {
        var at = Array.FindIndex(waiting, count => count > 0);
        for (var step = 0; step < nodes.Count; step++)
        {
            at = nodes[at].Inputs.Where(producers.ContainsKey).Select(name => producers[name]).First(producer => waiting[producer] > 0);
        }

        return at;
    }
}
