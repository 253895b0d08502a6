namespace Occam.Fuzz;

/// <summary>How many inputs of each family ended how.</summary>
internal sealed class OutcomeTable(TextWriter output)
{
    private const int Column = 11;

    private static readonly Outcome[] s_outcomes = Enum.GetValues<Outcome>();
    private readonly Dictionary<Outcome, long> _sums = s_outcomes.ToDictionary(outcome => outcome, _ => 0L);
    private bool _begun;

    /// <summary>Writes a family's line.</summary>
    public void Add(string name, IReadOnlyDictionary<Outcome, long> counts)
    {
        if (!_begun)
        {
            _begun = true;
            output.WriteLine(Line("family", ["inputs", .. s_outcomes.Select(outcome => outcome.ToString().ToLowerInvariant())]));
        }

        output.WriteLine(Line(name, [counts.Values.Sum(), .. s_outcomes.Select(outcome => counts[outcome])]));
        output.Flush();
        foreach (var outcome in s_outcomes)
        {
            _sums[outcome] += counts[outcome];
        }
    }

    /// <summary>Writes the sums.</summary>
    /// <returns>Whether every input was read, or refused in a line.</returns>
    public bool End()
    {
        output.WriteLine(Line("all", [_sums.Values.Sum(), .. s_outcomes.Select(outcome => _sums[outcome])]));
        return s_outcomes.Where(outcome => outcome > Outcome.Refused).All(outcome => _sums[outcome] == 0);
    }

    private static string Line<T>(string name, IEnumerable<T> cells) =>
        name.PadRight(16) + string.Concat(cells.Select(cell => $"{cell:N0}".PadLeft(Column)));
}
