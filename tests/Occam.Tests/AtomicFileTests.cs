using Xunit;

namespace Occam.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("occam-files-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_file_in_memory_is_a_file_and_no_device()
    {
        Assert.SkipUnless(Directory.Exists("/dev/shm"), "There is no file system in memory here.");
        var path = $"/dev/shm/occam-{Guid.NewGuid():N}";
        try
        {
            AtomicFile.Write(path, stream => stream.WriteByte(7));

            Assert.Equal([7], File.ReadAllBytes(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_device_behind_a_link_is_not_replaced()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no /dev here.");
        var device = $"/dev/occam-{Guid.NewGuid():N}";
        File.CreateSymbolicLink(In("link"), device);
        try
        {
            var error = Assert.Throws<OccamException>(() => AtomicFile.Write(In("link"), stream => stream.WriteByte(7)));
            Assert.Contains("Could not find", error.Message);
            Assert.False(File.Exists(device));
        }
        finally
        {
            File.Delete(device);
        }
    }

    [Fact]
    public void A_failure_in_the_middle_leaves_the_old_file_and_nothing_else()
    {
        var path = In("a");
        File.WriteAllText(path, "old");

        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("half"u8);
            throw new InvalidOperationException();
        }));

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public void A_link_keeps_pointing_where_it_did()
    {
        File.WriteAllText(In("target"), "old");
        File.CreateSymbolicLink(In("link"), In("target"));

        AtomicFile.Write(In("link"), stream => stream.Write("new"u8));

        Assert.Equal("new", File.ReadAllText(In("target")));
        Assert.NotNull(new FileInfo(In("link")).LinkTarget);
    }

    [Fact]
    public void A_full_device_is_an_error_and_stays_a_device()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full here.");

        var error = Assert.Throws<OccamException>(() => AtomicFile.Write("/dev/full", stream => stream.Write("text"u8)));

        Assert.StartsWith("can't write '/dev/full'", error.Message);
        Assert.Throws<OccamException>(() => AtomicFile.Write("/dev/full", stream => stream.Write("text"u8)));
    }

    [Fact]
    public void What_is_unfinished_can_be_removed()
    {
        AtomicFile.Write(In("a"), stream =>
        {
            Assert.Single(_folder.GetFiles());
            AtomicFile.RemoveUnfinished();
            Assert.Empty(_folder.GetFiles());
            File.WriteAllText(In(Path.GetFileName(((FileStream)stream).Name)), "");
        });
    }

    [Fact]
    public void A_check_tells_a_missing_folder_and_leaves_nothing()
    {
        AtomicFile.Check(In("a"));

        Assert.Empty(_folder.GetFiles());
        Assert.Contains("its folder does not exist", Assert.Throws<OccamException>(() => AtomicFile.Check(In("none/a"))).Message);
        Assert.Contains("it is a folder", Assert.Throws<OccamException>(() => AtomicFile.Check(_folder.FullName)).Message);
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);
}
