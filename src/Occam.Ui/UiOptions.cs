using System.Collections.Immutable;
using System.Net;

namespace Occam.Ui;

/// <summary>What the local web app serves, and to whom.</summary>
/// <param name="Root">The folder below which the runs are.</param>
public sealed record UiOptions(string Root)
{
    /// <summary>The port; 0 for any that is free.</summary>
    public int Port { get; init; }

    /// <summary>The address at which others may reach it, by a token alone; null for this machine only.</summary>
    public IPAddress? Bind { get; init; }

    /// <summary>Whether trainings and measurements may be started, stopped and resumed from the browser.</summary>
    public bool Control { get; init; }

    /// <summary>How this program is started, without its arguments: what is started from the browser is another process of it.</summary>
    public ImmutableArray<string> Program { get; init; } = [];

    /// <summary>Whether what was read of the store is kept in the user's folder of caches, for the next start.</summary>
    public bool KeepsIndex { get; init; } = true;
}
