using Occam.Ui.Index;
using Xunit;

namespace Occam.Ui.Tests;

public sealed class IndexFileTests : IDisposable
{
    private readonly RunStoreMaker _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void What_is_kept_is_what_was_read()
    {
        _store.Add("a/one", loss: double.NaN);
        _store.Add("b", rate: 0.3);
        IndexedRun[] runs = [RunReader.Read(_store.Root, "a/one"), RunReader.Read(_store.Root, "b")];
        var file = new IndexFile(_store.In("index.bin"));

        file.Write(_store.Root, [.. runs]);
        var kept = file.Read(_store.Root);

        Assert.Equal(["a/one", "b"], kept.Keys);
        Assert.All(runs, run => Assert.Equal(run.Cells, kept[run.Name].Cells));
        Assert.All(runs, run => Assert.Equal(run.Stamp, kept[run.Name].Stamp));
        Assert.Empty(file.Read(_store.In("elsewhere")));
    }

    [Fact]
    public void A_damaged_file_is_as_good_as_none()
    {
        _store.Add("a");
        var path = _store.In("index.bin");
        new IndexFile(path).Write(_store.Root, [RunReader.Read(_store.Root, "a")]);
        var bytes = File.ReadAllBytes(path);
        for (var at = 0; at < bytes.Length; at += 7)
        {
            bytes[at] ^= 4;
            File.WriteAllBytes(path, bytes);
            Assert.Empty(new IndexFile(path).Read(_store.Root));
            bytes[at] ^= 4;
        }

        File.WriteAllBytes(path, bytes[..^3]);
        Assert.Empty(new IndexFile(path).Read(_store.Root));
        File.WriteAllBytes(path, bytes);
        Assert.Single(new IndexFile(path).Read(_store.Root));
    }

    [Fact]
    public async Task A_run_that_changed_while_nobody_looked_is_read_again()
    {
        _store.Add("same");
        _store.Add("other");
        var file = new IndexFile(_store.In("index.bin"));
        using (var index = new RunIndex(_store.Root, file))
        {
            await index.Ready;
        }

        // What was kept is taken where the stamp is the same: told apart by a text that no file has.
        var kept = file.Read(_store.Root);
        file.Write(_store.Root, [.. kept.Values.Select(run => run with { Cells = [Cell.Of("state", "kept")] })]);
        _store.WriteStatus("other", "interrupted", 3, 0.5);
        using var later = new RunIndex(_store.Root, file);
        await later.Ready;

        Assert.Equal("kept", later.Find("same")!.State);
        Assert.Equal("interrupted", later.Find("other")!.State);
    }
}
