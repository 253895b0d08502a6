using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using Occam.Torch;
using Xunit;

namespace Occam.Cli.Tests;

/// <summary>Files that ask for too much, or are none: one line, exit code 2, and no memory taken.</summary>
public sealed class HostileFilesTests
{
    private const long LargestTaken = 1200L << 20;
    private const long Sparse = 3L << 30;

    public static TheoryData<string> Networks => Files("networks");

    public static TheoryData<string> Configurations => Files("configurations");

    public static TheoryData<string> Data => Files("data");

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_network_that_asks_for_too_much_is_refused(string name)
    {
        using var place = new Workplace();
        File.Copy(Path.Combine(Folder("networks"), name), place.In(name));
        Refuses(name, "inspect", place.In(name));
        Refuses(name, "measure", place.In(name), "--data", place.Points());
    }

    [Theory]
    [MemberData(nameof(Configurations))]
    public void A_configuration_that_asks_for_too_much_is_refused(string name) =>
        Refuses(name, "train", Path.Combine(Folder("configurations"), name), "--check");

    [Theory]
    [MemberData(nameof(Data))]
    public void Data_that_say_what_cannot_be_are_refused(string name)
    {
        var before = GC.GetTotalAllocatedBytes();
        Refuses(name, "data", "show", Path.Combine(Folder("data"), name));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 100L << 20);
    }

    [Fact]
    public void A_refusal_names_the_node_what_it_wanted_and_what_is_allowed()
    {
        var error = Refuses("", "inspect", Path.Combine(Folder("networks"), "expand-to-a-billion.onnx"));
        Assert.Contains("Expand 'Expand_0' asks for a tensor of 1×1000000000 elements (3.73 GiB), more than the 1 GiB that", error);
        Assert.Contains("--memory", error);
    }

    [Theory]
    [InlineData("net.onnx")]
    [InlineData("net.safetensors")]
    [InlineData("x.npy")]
    [InlineData("x.npz")]
    [InlineData("x.csv")]
    [InlineData("x.parquet")]
    [InlineData("images-idx3-ubyte")]
    [InlineData("batch.bin")]
    [InlineData("run.yaml")]
    public void Gigabytes_of_zeros_and_a_pipe_are_refused_at_their_beginning(string name)
    {
        using var place = new Workplace();
        using (var file = File.Create(place.In(name)))
        {
            file.SetLength(Sparse);
        }

        Refuses(name, Command(place, name));

        File.Delete(place.In(name));
        using var made = Process.Start("mkfifo", place.In(name));
        made.WaitForExit();
        Refuses(name, Command(place, name));
    }

    [Fact]
    public void A_device_is_refused()
    {
        using var place = new Workplace();
        Refuses("/dev/zero", "inspect", "/dev/zero");
        Refuses("/dev/zero", "measure", place.Linear(), "--data", "/dev/zero");
        Refuses("/dev/zero", "train", "/dev/zero", "--check");
    }

    // The zeros of an array of 3 GiB take 3 MiB in the archive.
    [Fact]
    public void An_archive_that_unpacks_to_gigabytes_is_refused_before_it_does()
    {
        using var place = new Workplace();
        using (var archive = new ZipArchive(File.Create(place.In("x.npz")), ZipArchiveMode.Create))
        using (var entry = archive.CreateEntry("x.npy", CompressionLevel.Fastest).Open())
        {
            const int blocks = 3072;
            var block = new byte[1 << 20];
            entry.Write(Header($"({blocks * (1L << 17)},)"));
            for (var i = 0; i < blocks; i++)
            {
                entry.Write(block);
            }
        }

        var before = GC.GetTotalAllocatedBytes();
        Assert.Contains("unpacks to", Refuses("x.npz", "measure", place.Linear(), "--data", place.In("x.npz")));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 100L << 20);
    }

    [Fact]
    public void What_is_measured_stays_within_the_memory_that_is_given()
    {
        using var place = new Workplace();
        var enough = Workplace.Run(
            "measure", place.Linear(), "--data", place.Points(), "--measures", "geometric-complexity", "--memory", "2GB");
        Assert.Equal((0, ""), (enough.Code, enough.Error));

        GC.Collect();
        GC.WaitForPendingFinalizers();
        var budget = Libtorch.MemoryBudget;
        var wide = Path.Combine(Folder("networks"), "expand-to-a-billion.onnx");
        var error = Refuses("", "inspect", wide, "--memory", "1.5GB");
        Assert.Contains("more than the 1.4 GiB", error);
        Assert.Equal(budget, Libtorch.MemoryBudget);
        Assert.Null(Environment.GetEnvironmentVariable("OCCAM_MEMORY"));
    }

    [Theory]
    [InlineData("four")]
    [InlineData("0GB")]
    [InlineData("1KB")]
    [InlineData("4XB")]
    [InlineData("1e30GB")]
    public void A_size_that_is_none_is_told(string size)
    {
        using var place = new Workplace();
        Assert.Contains("such as 4GB", Refuses(size, "inspect", place.Linear(), "--memory", size));
    }

    private static string[] Command(Workplace place, string name) =>
        name.EndsWith(".yaml", StringComparison.Ordinal) ? ["train", place.In(name), "--check"]
        : name.StartsWith("net", StringComparison.Ordinal) ? ["inspect", place.In(name)]
        : ["measure", place.Linear(), "--data", place.In(name)];

    private static string Refuses(string name, params string[] arguments)
    {
        Libtorch.ResetPeakMemory();
        var before = Libtorch.MemoryInUse;
        var outcome = Workplace.Run(arguments);
        Assert.Equal((2, ""), (outcome.Code, outcome.Output));
        var line = Assert.Single(outcome.Error.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("occam: ", line);
        Assert.Contains(name, line);
        Assert.InRange(line.Length, 20, 1000);
        Assert.InRange(Libtorch.PeakMemory - before, 0, LargestTaken);
        return line;
    }

    private static byte[] Header(string shape)
    {
        var header = $"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".PadRight(117) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.Latin1.GetBytes(header)];
    }

    private static TheoryData<string> Files(string kind) =>
        [.. Directory.EnumerateFileSystemEntries(Folder(kind)).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    /// <summary>A file of tests/hostile.</summary>
    internal static string PathOf(string kind, string name) => Path.Combine(Folder(kind), name);

    private static string Folder(string kind, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "hostile", kind);
}
