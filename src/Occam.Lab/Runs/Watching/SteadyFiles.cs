namespace Occam.Lab.Runs.Watching;

/// <summary>
/// Finds the networks of a folder that nobody is writing any more: their sizes and times stay the same from glance to glance.
/// </summary>
/// <param name="folder">The folder; files in folders below it count as well.</param>
/// <param name="pattern">Which files: <c>*.onnx</c>.</param>
internal sealed class SteadyFiles(string folder, string pattern)
{
    private Dictionary<string, (long Size, DateTime Time)> _before = [];

    /// <summary>Looks once.</summary>
    /// <returns>The names, from the folder on, of the files that are as they were at the last glance; the earliest steps first.</returns>
    /// <exception cref="OccamException">The folder can't be read.</exception>
    public IReadOnlyList<string> Glance()
    {
        try
        {
            var now = OwnFiles.Below(folder, pattern)
                .Select(path => new FileInfo(path))
                .ToDictionary(file => Path.GetRelativePath(folder, file.FullName), file => (file.Length, file.LastWriteTimeUtc));
            string[] steady =
            [
                .. now.Where(file => file.Value.Length > 0 && _before.TryGetValue(file.Key, out var before) && before == file.Value)
                    .OrderBy(file => NetworkMoment.OfName(file.Key).Step ?? long.MaxValue)
                    .ThenBy(file => file.Value.LastWriteTimeUtc)
                    .ThenBy(file => file.Key, StringComparer.Ordinal)
                    .Select(file => file.Key),
            ];
            _before = now;
            return steady;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new OccamException($"can't read the folder '{folder}': {e.Reason()}", e);
        }
    }
}
