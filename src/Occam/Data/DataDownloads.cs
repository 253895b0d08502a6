using System.Security.Cryptography;

namespace Occam.Data;

/// <summary>
/// Fetches the named data sets from public sites. Nothing is trusted but the checksum: a file is written under a
/// temporary name, never beyond its known length, and gets its own name once its SHA-256 agrees.
/// </summary>
public static class DataDownloads
{
    private const int BufferBytes = 1 << 16;

    /// <summary>A site that sends nothing for so long is given up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Where downloads go: the options' root, else the environment's, else ./data.</summary>
    public static string DefaultRoot(DataOptions options) =>
        options.Root ?? (Environment.GetEnvironmentVariable(DataLocator.EnvironmentVariable) is { Length: > 0 } root ? root : "data");

    /// <summary>Fetches what is missing of a set, and what differs from its checksum.</summary>
    /// <param name="name">The set's name, as in <see cref="DataCatalogue.Known"/>.</param>
    /// <param name="root">The data root, made if need be; the files go into the set's folder under it.</param>
    /// <param name="progress">Receives the progress after every part that arrives.</param>
    /// <param name="client">What to ask; one of its own when absent.</param>
    /// <param name="cancellation">Stops it; the unfinished file is removed.</param>
    /// <returns>The files that were written; none when all were there.</returns>
    /// <exception cref="OccamException">The name is unknown, no site can be reached or sends the right file, or the folder can't be
    /// written.</exception>
    public static async Task<IReadOnlyList<string>> GetAsync(
        string name, string root, IProgress<DownloadProgress>? progress = null, HttpClient? client = null,
        CancellationToken cancellation = default)
    {
        var set = DataCatalogue.Find(name);
        using HttpClient? own = client is null ? new() : null;
        return await GetAsync(set, root, progress, client ?? own!, cancellation).ConfigureAwait(false);
    }

    internal static async Task<IReadOnlyList<string>> GetAsync(
        KnownDataSet set, string root, IProgress<DownloadProgress>? progress, HttpClient client, CancellationToken cancellation)
    {
        var folder = Path.Combine(root, set.Folders[0]);
        List<string> written = [];
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var download in set.Downloads)
            {
                if (IsThere(set, download, folder))
                {
                    continue;
                }

                var temporary = Path.Combine(folder, $".{download.FileName}.{Guid.NewGuid():N}.part");
                try
                {
                    await FetchAsync(download, folder, temporary, progress, client, cancellation).ConfigureAwait(false);
                    written.AddRange(Settle(set, download, folder, temporary));
                }
                finally
                {
                    File.Delete(temporary);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OccamException($"{Message.Clean(folder)} can't be written: {Message.Clean(error.Message)}", error);
        }

        return written;
    }

    private static IReadOnlyList<string> Settle(KnownDataSet set, KnownDownload download, string folder, string temporary)
    {
        if (download.IsArchive)
        {
            return DownloadArchive.Extract(temporary, [.. set.TrainingFiles, .. set.TestFiles], folder);
        }

        var path = Path.Combine(folder, download.FileName);
        File.Move(temporary, path, overwrite: true);
        return [path];
    }

    private static bool IsThere(KnownDataSet set, KnownDownload download, string folder)
    {
        if (!download.IsArchive)
        {
            var path = Path.Combine(folder, download.FileName);
            return File.Exists(path) && new FileInfo(path).Length == download.Length && Digest(path) == download.Sha256;
        }

        return set.TrainingFiles.Concat(set.TestFiles).All(file => DataVerification.Check(file, DataLocator.PathIn(folder, file)).State
            is FileState.Correct or FileState.Unknown);
    }

    /// <summary>Tries the sites in turn until one has sent the right bytes.</summary>
    private static async Task FetchAsync(
        KnownDownload download, string folder, string temporary, IProgress<DownloadProgress>? progress, HttpClient client,
        CancellationToken cancellation)
    {
        List<string> failures = [];
        foreach (var site in download.Sites)
        {
            try
            {
                await FetchAsync(
                    new Uri(site + download.FileName), download, temporary, progress, client, cancellation).ConfigureAwait(false);
                return;
            }
            catch (Exception error) when (!cancellation.IsCancellationRequested
                && error is HttpRequestException or OperationCanceledException or InvalidDataException)
            {
                var reason = error is OperationCanceledException ? "it does not answer" : Message.Clean(error.Message).TrimEnd('.');
                failures.Add($"{new Uri(site).Host}: {reason}");
            }
        }

        throw new OccamException(
            $"{download.FileName} could not be downloaded ({string.Join("; ", failures)}): check the network, or fetch "
                + $"{download.Sites[0]}{download.FileName} by other means into {Message.Clean(folder)}");
    }

    private static async Task FetchAsync(
        Uri address, KnownDownload download, string temporary, IProgress<DownloadProgress>? progress, HttpClient client,
        CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        var body = await response.Content.ReadAsStreamAsync(patience.Token).ConfigureAwait(false);
        using var file = File.Create(temporary);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        long received = 0;
        int read;
        while ((read = await ReceiveAsync(body, buffer, patience.Token).ConfigureAwait(false)) > 0)
        {
            received += read;
            if (received > download.Length)
            {
                break;
            }

            hash.AppendData(buffer, 0, read);
            await file.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
            progress?.Report(new(download.FileName, received, download.Length));
            patience.CancelAfter(Patience);
        }

        if (received != download.Length || Convert.ToHexStringLower(hash.GetHashAndReset()) != download.Sha256)
        {
            throw new InvalidDataException("it sends another file: the checksum does not agree");
        }
    }

    /// <summary>Reads on, and keeps a broken connection apart from a disk that can't be written.</summary>
    private static async ValueTask<int> ReceiveAsync(Stream body, byte[] buffer, CancellationToken cancellation)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellation).ConfigureAwait(false);
        }
        catch (IOException error)
        {
            throw new HttpRequestException($"the connection broke ({error.Message})", error);
        }
    }

    private static string Digest(string path)
    {
        using var file = PlainFile.Open(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
