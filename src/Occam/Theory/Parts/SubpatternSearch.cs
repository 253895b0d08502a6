namespace Occam.Theory.Parts;

/// <summary>
/// The question of Claim 1 of Loukas et al. 2021: given k activation patterns, can units be switched off in each of them so that every
/// path through the hidden units that is on at x is left on in exactly one, and no other path in any? Σ_i ⊗_l q_{i,l} = ⊗_l s_l(x)
/// with q_{i,l} ≤ s_l(x_i): a partition of a product of sets into products of subsets. Decided by search.
/// </summary>
internal sealed class SubpatternSearch
{
    private const int MostPaths = 1024;
    private const int MostClasses = 64;
    private const int MostNodes = 5000;

    // By path: its class of units in each layer, and the patterns that have it on. Units that the same patterns have on are one class:
    // what is possible with one of them is possible with all.
    private readonly int[][] _paths;
    private readonly int[][] _candidates;
    private readonly int[] _owners;

    // By pattern, for each layer, the classes that it leaves on.
    private readonly ulong[][] _left;
    private int _nodes;

    private SubpatternSearch(int[][] paths, int[][] candidates, int patterns)
    {
        (_paths, _candidates) = (paths, candidates);
        _owners = new int[paths.Length];
        Array.Fill(_owners, -1);
        _left = [.. Enumerable.Range(0, patterns).Select(_ => new ulong[paths[0].Length])];
    }

    /// <summary>Whether it can be done; null where the search would take too long.</summary>
    /// <param name="set">The k patterns: for each, for each layer, which units are on.</param>
    /// <param name="on">For each layer, which units are on at x.</param>
    public static bool? Exists(IReadOnlyList<bool[][]> set, bool[][] on)
    {
        RowBits[][] classes = [.. on.Select((layer, l) => Enumerable.Range(0, layer.Length).Where(unit => layer[unit])
            .Select(unit => RowBits.Of(set.Count, i => set[i][l][unit])).Distinct().ToArray())];
        if (classes.Any(layer => layer.Length == 0))
        {
            // No path is on at x, and every pattern can be switched off.
            return true;
        }

        if (classes.Any(layer => layer.Length > MostClasses)
            || classes.Aggregate(1.0, (product, layer) => product * layer.Length) > MostPaths)
        {
            return null;
        }

        IEnumerable<int[]> all = [[]];
        foreach (var layer in classes)
        {
            all = all.SelectMany(path => Enumerable.Range(0, layer.Length).Select(unit => (int[])[.. path, unit])).ToArray();
        }

        // The paths with the fewest candidates first: there it is decided soonest.
        var ordered = all.Select(path => (Path: path, Candidates: Enumerable.Range(0, set.Count)
            .Where(i => path.Index().All(step => classes[step.Index][step.Item][i])).ToArray()))
            .OrderBy(pair => pair.Candidates.Length).ToArray();
        return new SubpatternSearch(
            [.. ordered.Select(pair => pair.Path)], [.. ordered.Select(pair => pair.Candidates)], set.Count).Solve(0);
    }

    // Every solution gives each path to one pattern, which with two paths has all that mix their units.
    private bool? Solve(int from)
    {
        while (from < _paths.Length && _owners[from] >= 0)
        {
            from++;
        }

        if (from == _paths.Length)
        {
            return true;
        }

        if (++_nodes > MostNodes)
        {
            return null;
        }

        foreach (var pattern in _candidates[from])
        {
            var before = _left[pattern];
            if (Taken(pattern, from) is not { } taken)
            {
                continue;
            }

            var found = Solve(from + 1);
            if (found != false)
            {
                return found;
            }

            _left[pattern] = before;
            Array.ForEach(taken, path => _owners[path] = -1);
        }

        return false;
    }

    // Gives a pattern one path more and all that come with it; null, and nothing is given, where another pattern has one of them.
    private int[]? Taken(int pattern, int added)
    {
        ulong[] left = [.. _left[pattern].Zip(_paths[added], (classes, one) => classes | (1UL << one))];
        List<int> taken = [];
        for (var path = 0; path < _paths.Length; path++)
        {
            var isInside = true;
            for (var layer = 0; layer < left.Length && isInside; layer++)
            {
                isInside = (left[layer] >> _paths[path][layer] & 1) != 0;
            }

            if (isInside && _owners[path] != pattern)
            {
                if (_owners[path] >= 0)
                {
                    return null;
                }

                taken.Add(path);
            }
        }

        _left[pattern] = left;
        taken.ForEach(path => _owners[path] = pattern);
        return [.. taken];
    }
}
