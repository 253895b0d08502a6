using System.Formats.Tar;
using System.Net;
using System.Security.Cryptography;
using Occam.Data;
using Xunit;

namespace Occam.Tests.Data;

public sealed class DataDownloadsTests
{
    private static readonly byte[] Images = NumpyBytes.Gzip(ImageBytes.IdxImages(2));
    private static readonly byte[] Batch = ImageBytes.Cifar(1, 2);

    [Fact]
    public async Task The_first_site_that_sends_the_right_bytes_serves_and_nothing_else_stays()
    {
        using TemporaryFolder folder = new();
        Sites sites = new()
        {
            ["http://gone/a.gz"] = null,
            ["http://wrong/a.gz"] = [.. Images[..^1], 0],
            ["http://endless/a.gz"] = new byte[10_000],
            ["http://right/a.gz"] = Images,
        };
        Reports reports = new();
        IReadOnlyList<string> written = await Get(Set(Images), folder, sites, reports);
        string path = Path.Combine(folder.Path, "few", "a.gz");
        Assert.Equal([path], written);
        Assert.Equal(Images, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
        Assert.Contains(new DownloadProgress("a.gz", Images.Length, Images.Length), reports.All);

        // What is there and right is not fetched again.
        Assert.Empty(await Get(Set(Images), folder, new Sites()));
        File.WriteAllBytes(path, [1, 2, 3]);
        Assert.Equal([path], await Get(Set(Images), folder, sites));
    }

    [Fact]
    public async Task Without_a_right_answer_the_error_names_every_site_and_nothing_stays()
    {
        using TemporaryFolder folder = new();
        Sites sites = new() { ["http://wrong/a.gz"] = [1, 2, 3] };
        OccamException error = await Assert.ThrowsAsync<OccamException>(() => Get(Set(Images), folder, sites));
        Assert.All(
            ["gone: ", "wrong: ", "checksum", "endless: ", "right: ", "http://gone/a.gz by other means"],
            part => Assert.Contains(part, error.Message));
        Assert.DoesNotContain('\n', error.Message);
        Assert.Empty(Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_cancelled_download_leaves_nothing()
    {
        using TemporaryFolder folder = new();
        using CancellationTokenSource cancellation = new();
        Sites sites = new() { ["http://right/a.gz"] = Images };
        Reports reports = new() { WhenTold = cancellation.Cancel };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            using HttpClient client = new(sites);
            await DataDownloads.GetAsync(Set(Images), folder.Path, reports, client, cancellation.Token);
        });
        Assert.Empty(Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task An_archive_gives_its_wanted_files_and_no_others()
    {
        using TemporaryFolder folder = new();
        byte[] archive = Archive(
            ("cifar/batches.meta.txt", [1]), ("cifar/one.bin", Batch), ("../../escape.bin", Batch),
            ("cifar/two.bin", [.. Batch, .. Batch]));
        KnownDataSet set = ArchiveSet(archive);
        IReadOnlyList<string> written = await Get(set, folder, new() { ["http://right/all.tar.gz"] = archive });
        Assert.Equal(["one.bin", "two.bin"], written.Select(Path.GetFileName));
        Assert.Equal(2, Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Length);
        Assert.Equal(Batch, File.ReadAllBytes(written[0]));
        Assert.Empty(await Get(set, folder, new Sites()));
    }

    [Fact]
    public async Task An_archive_without_a_wanted_file_or_with_a_wrong_one_leaves_nothing()
    {
        using TemporaryFolder folder = new();
        foreach (byte[] archive in new[]
        {
            Archive(("one.bin", Batch)), Archive(("one.bin", [1, 2]), ("two.bin", Batch)), NumpyBytes.Gzip([1, 2, 3]),
        })
        {
            await Assert.ThrowsAsync<OccamException>(
                () => Get(ArchiveSet(archive), folder, new() { ["http://right/all.tar.gz"] = archive }));
            Assert.Empty(Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
        }
    }

    [Fact]
    public async Task Unknown_names_and_folders_that_can_not_be_written_are_told()
    {
        using TemporaryFolder folder = new();
        OccamException error = await Assert.ThrowsAsync<OccamException>(
            () => DataDownloads.GetAsync("imagenet", folder.Path, cancellation: TestContext.Current.CancellationToken));
        Assert.Contains("mnist, fashion-mnist, cifar10", error.Message);

        string file = folder.Write("file", [1]);
        using HttpClient client = new(new Sites());
        error = await Assert.ThrowsAsync<OccamException>(
            () => DataDownloads.GetAsync(Set(Images), file, null, client, TestContext.Current.CancellationToken));
        Assert.Contains("can't be written", error.Message);
    }

    [Fact]
    public void Verification_compares_unpacked_bytes_and_tells_file_by_file()
    {
        using TemporaryFolder folder = new();
        folder.Write("few/one.bin", Batch);
        KnownDataSet set = ArchiveSet([]);
        DataLocator locator = new(folder.Path, null, folder.Path);
        Assert.Equal([FileState.Correct, FileState.Missing], DataVerification.Verify(set, locator).Select(result => result.State));

        File.Delete(Path.Combine(folder.Path, "few", "one.bin"));
        folder.Write("few/one.bin.gz", NumpyBytes.Gzip(Batch));
        folder.Write("few/two.bin", Batch);
        Assert.Equal([FileState.Correct, FileState.Unknown], DataVerification.Verify(set, locator).Select(result => result.State));

        folder.Write("few/one.bin.gz", NumpyBytes.Gzip(Batch)[..^5]);
        Assert.Equal(FileState.Different, DataVerification.Verify(set, locator)[0].State);
        folder.Write("few/one.bin.gz", Images);
        Assert.Equal(FileState.Different, DataVerification.Verify(set, locator)[0].State);
    }

    [Theory]
    [InlineData("mnist")]
    [InlineData("fashion-mnist")]
    [InlineData("cifar10")]
    public void The_published_files_at_hand_agree_with_the_catalogue(string name)
    {
        string root = SharedData.Require();
        Assert.All(DataVerification.Verify(name, new() { Root = root }), result => Assert.NotEqual(FileState.Different, result.State));
        Assert.Contains(DataVerification.Verify(name, new() { Root = root }), result => result.State == FileState.Correct);

        // Packed files have the checksum that their download is held to.
        KnownDataSet set = DataCatalogue.Find(name);
        foreach (KnownDownload download in set.Downloads.Where(
            download => File.Exists(Path.Combine(root, set.Folders[0], download.FileName))))
        {
            byte[] bytes = File.ReadAllBytes(Path.Combine(root, set.Folders[0], download.FileName));
            Assert.Equal(download.Length, bytes.Length);
            Assert.Equal(download.Sha256, Sha256(bytes));
        }
    }

    private static async Task<IReadOnlyList<string>> Get(KnownDataSet set, TemporaryFolder folder, Sites sites, Reports? reports = null)
    {
        using HttpClient client = new(sites);
        return await DataDownloads.GetAsync(set, folder.Path, reports, client, TestContext.Current.CancellationToken);
    }

    private static KnownDataSet Set(byte[] file) => SetOf(
        [new("a", null)], [],
        new("a.gz", ["http://gone/", "http://wrong/", "http://endless/", "http://right/"], file.Length, Sha256(file)));

    private static KnownDataSet ArchiveSet(byte[] archive) => SetOf(
        [new("one.bin", Sha256(Batch))], [new("two.bin", null)],
        new("all.tar.gz", ["http://right/"], archive.Length, Sha256(archive), IsArchive: true));

    private static KnownDataSet SetOf(KnownFile[] training, KnownFile[] test, KnownDownload download) => new()
    {
        Name = "few",
        Title = "A few",
        Folders = ["few"],
        TrainingFiles = training,
        TestFiles = test,
        TrainingCount = 1,
        TestCount = 1,
        Normalization = new([0], [1]),
        Downloads = [download],
    };

    private static byte[] Archive(params (string Name, byte[] Bytes)[] files)
    {
        using MemoryStream stream = new();
        using (TarWriter writer = new(stream, leaveOpen: true))
        {
            foreach ((string name, byte[] bytes) in files)
            {
                writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes) });
            }
        }

        return NumpyBytes.Gzip(stream.ToArray());
    }

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Sites that answer with given bytes; null is an error of the server's, and the others can't be reached.</summary>
    private sealed class Sites : HttpMessageHandler
    {
        private readonly Dictionary<string, byte[]?> answers = [];

        public byte[]? this[string address]
        {
            set => answers[address] = value;
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (!answers.TryGetValue(request.RequestUri!.AbsoluteUri, out byte[]? answer))
            {
                throw new HttpRequestException("No such host is known.");
            }

            return Task.FromResult(answer is null
                ? new HttpResponseMessage(HttpStatusCode.NotFound)
                : new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(answer) });
        }
    }

    /// <summary>Collects reports as they come; <see cref="Progress{T}"/> would tell them later, on another thread.</summary>
    private sealed class Reports : IProgress<DownloadProgress>
    {
        public List<DownloadProgress> All { get; } = [];

        public Action? WhenTold { get; init; }

        public void Report(DownloadProgress value)
        {
            All.Add(value);
            WhenTold?.Invoke();
        }
    }
}
