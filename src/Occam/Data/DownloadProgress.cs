namespace Occam.Data;

/// <summary>How far a download is.</summary>
/// <param name="FileName">The file that is coming.</param>
/// <param name="Received">Its bytes so far.</param>
/// <param name="Length">All of its bytes.</param>
public readonly record struct DownloadProgress(string FileName, long Received, long Length);
