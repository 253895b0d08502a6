using Occam.Tests.Networks;
using Xunit;

namespace Occam.Tests;

public sealed class FolderLockTests
{
    [Fact]
    public void Removing_the_lock_file_lets_nobody_in()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Elsewhere a file that is open can't be removed.");
        using TemporaryFolder folder = new();
        using (FolderLock.Take(folder.Path))
        {
            File.Delete(folder.File(FolderLock.FileName));

            Assert.True(FolderLock.IsTaken(folder.Path));
            Assert.Contains("is in use", Assert.Throws<OccamException>(() => FolderLock.Take(folder.Path).Dispose()).Message);
            Assert.True(FolderLock.IsTaken(folder.Path));
        }

        Assert.False(FolderLock.IsTaken(folder.Path));
        FolderLock.Take(folder.Path).Dispose();
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }
}
