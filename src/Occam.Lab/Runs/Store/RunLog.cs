namespace Occam.Lab.Runs.Store;

/// <summary>
/// <c>log.jsonl</c>: what happened to a run, a line each, for people: when it began, went on and ended, and which files were found damaged.
/// Nothing depends on it, so a line that can't be written is left out.
/// </summary>
internal static class RunLog
{
    private const int LongestEnd = 1 << 16;

    /// <summary>Adds a line.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="what">What happened.</param>
    public static void Add(string folder, string what)
    {
        var path = Path.Combine(folder, RunFolder.LogName);
        try
        {
            PlainFile.Check(path);
            using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
            file.Position = EndOfLines(file);
            file.SetLength(file.Position);
            file.Write(CheckedLine.Write(new RunEvent(DateTimeOffset.UtcNow, what)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A disk that is full is told of where the run's other files can't be written.
        }
    }

    /// <summary>What happened, in order.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="damaged">Called with the reason for each damaged line, which is left out.</param>
    /// <exception cref="OccamException">The file can't be read.</exception>
    public static IEnumerable<RunEvent> Read(string folder, Action<string> damaged) =>
        CheckedLines.Read<RunEvent>(Path.Combine(folder, RunFolder.LogName), haveChecksums: true, damaged);

    // A line that was cut short is written over.
    private static long EndOfLines(FileStream file)
    {
        var end = new byte[Math.Min(LongestEnd, file.Length)];
        file.Seek(-end.Length, SeekOrigin.End);
        file.ReadExactly(end);
        var last = Array.LastIndexOf(end, (byte)'\n');
        return last >= 0 ? file.Length - end.Length + last + 1 : end.Length < LongestEnd ? 0 : file.Length;
    }
}
