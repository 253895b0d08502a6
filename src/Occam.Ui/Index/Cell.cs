namespace Occam.Ui.Index;

/// <summary>What a run has under a key of the table: a text or a number.</summary>
/// <param name="Key">The key: <c>state</c>, <c>config.batch</c>, <c>metric.test.loss</c>.</param>
/// <param name="Text">The text; null for a number.</param>
/// <param name="Number">The number.</param>
internal readonly record struct Cell(string Key, string? Text, double Number)
{
    /// <summary>Before the keys of a configuration.</summary>
    public const string Configuration = "config.";

    /// <summary>Before the names of metrics.</summary>
    public const string Metric = "metric.";

    /// <summary>A text.</summary>
    public static Cell Of(string key, string text) => new(key, text, 0);

    /// <summary>A number.</summary>
    public static Cell Of(string key, double number) => new(key, null, number);
}
