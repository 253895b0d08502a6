namespace Occam.Ui.Index;

/// <summary>The times and sizes of a run's files that change: while they are the same, so is what was read of them.</summary>
/// <param name="StatusTime">When <c>status.json</c> was written, in ticks; 0 where it isn't there.</param>
/// <param name="StatusSize">Its bytes.</param>
/// <param name="MetricsTime">When <c>metrics.jsonl</c> was written.</param>
/// <param name="MetricsSize">Its bytes.</param>
/// <param name="ConfigurationTime">When <c>config.yaml</c> was written.</param>
internal readonly record struct RunStamp(
    long StatusTime, long StatusSize, long MetricsTime, long MetricsSize, long ConfigurationTime)
{
    /// <summary>The stamp of a run's folder now.</summary>
    public static RunStamp Of(string folder)
    {
        var (status, metrics, configuration) = (In("status.json"), In("metrics.jsonl"), In("config.yaml"));
        return new RunStamp(Time(status), Size(status), Time(metrics), Size(metrics), Time(configuration));

        FileInfo In(string name) => new(Path.Combine(folder, name));
        static long Time(FileInfo file) => file.Exists ? file.LastWriteTimeUtc.Ticks : 0;
        static long Size(FileInfo file) => file.Exists ? file.Length : 0;
    }
}
