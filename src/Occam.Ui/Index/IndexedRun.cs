using System.Collections.Immutable;

namespace Occam.Ui.Index;

/// <summary>What the table of runs has of a run.</summary>
/// <param name="Name">Its path below the store's folder, which is its name.</param>
/// <param name="Stamp">The stamp of the files that it was read from.</param>
/// <param name="Cells">What it has, by key.</param>
internal sealed record IndexedRun(string Name, RunStamp Stamp, ImmutableArray<Cell> Cells)
{
    /// <summary>The state of a run whose process is alive.</summary>
    public const string Running = "running";

    /// <summary>The state of a run that can't be read.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>How it stands.</summary>
    public string State => Find("state")?.Text ?? "";

    /// <summary>What it has under a key; null for nothing.</summary>
    public Cell? Find(string key)
    {
        foreach (var cell in Cells)
        {
            if (cell.Key == key)
            {
                return cell;
            }
        }

        return null;
    }
}
