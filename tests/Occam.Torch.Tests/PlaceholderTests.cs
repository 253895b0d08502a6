using Xunit;

namespace Occam.Torch.Tests;

/// <summary>Libraries that libtorch names and doesn't use aren't loaded: empty ones of their names stand in their place.</summary>
public sealed class PlaceholderTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "placeholders");

    [Fact]
    public void What_an_empty_library_stands_for_is_not_loaded()
    {
        using var one = Tensor.Ones([1]);
        string[] loaded =
        [
            .. File.ReadLines("/proc/self/maps")
                .Where(line => line.Contains('/')).Select(line => line[line.IndexOf('/')..]).Distinct(),
        ];
        var expected = Directory.Exists(s_folder) ? Directory.GetFiles(s_folder) : [];

        Assert.All(expected, file =>
        {
            Assert.Contains(file, loaded);
            Assert.DoesNotContain(
                loaded, path => path != file && Path.GetFileName(path).StartsWith(Path.GetFileName(file), StringComparison.Ordinal));
        });
        Assert.Equal(1, one.Item());
    }

    [Fact]
    public void Where_libtorch_is_linked_with_pictures_libraries_they_are_among_them()
    {
        // Debian's; a pip PyTorch's libtorch is linked with none of them.
        Assert.SkipUnless(
            Directory.Exists("/usr/lib") && Directory.EnumerateFiles("/usr/lib", "libopencv_core.so.4*", SearchOption.AllDirectories).Any()
                && Environment.GetEnvironmentVariable("LIBTORCH") is not { Length: > 0 },
            "there is no OpenCV that libtorch could be linked with");

        Assert.Contains(
            Directory.GetFiles(s_folder).Select(Path.GetFileName), name => name!.StartsWith("libopencv_core", StringComparison.Ordinal));
    }
}
