namespace Occam.Ui.Index;

/// <summary>A metric of a run over its steps.</summary>
internal sealed class Curve
{
    /// <summary>Steps taken when each value was recorded.</summary>
    public List<long> Steps { get; } = [];

    /// <summary>The same in epochs.</summary>
    public List<double> Epochs { get; } = [];

    /// <summary>Seconds of training until then; not a number where the run kept none.</summary>
    public List<double> Elapsed { get; } = [];

    /// <summary>The values.</summary>
    public List<double> Values { get; } = [];

    /// <summary>Their standard errors, 0 where they are exact.</summary>
    public List<double> Errors { get; } = [];

    /// <summary>
    /// The places of at most so many values that draw the same picture: of each stretch of neighbours its least and its greatest, and what
    /// isn't finite; the first and the last.
    /// </summary>
    public int[] Thinned(int most)
    {
        if (Values.Count <= most)
        {
            return [.. Enumerable.Range(0, Values.Count)];
        }

        var chosen = new SortedSet<int> { 0, Values.Count - 1 };
        var stretches = Math.Max(1, (most - 2) / 2);
        for (var i = 0; i < stretches; i++)
        {
            var (start, end) = ((int)((long)i * Values.Count / stretches), (int)((long)(i + 1) * Values.Count / stretches));
            var (least, greatest) = (start, start);
            for (var j = start; j < end; j++)
            {
                least = !(Values[j] >= Values[least]) ? j : least;
                greatest = !(Values[j] <= Values[greatest]) ? j : greatest;
            }

            chosen.Add(least);
            chosen.Add(greatest);
        }

        return [.. chosen];
    }
}
