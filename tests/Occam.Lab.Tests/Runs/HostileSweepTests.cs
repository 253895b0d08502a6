using Occam.Lab.Ranking;
using Occam.Lab.Runs.Clusters;
using Occam.Lab.Runs.Sweeps;
using Occam.Lab.Tests.Explaining;
using Xunit;

namespace Occam.Lab.Tests.Runs;

/// <summary>Sweeps and stores of somebody else, whose names and links lead out of their folders.</summary>
public sealed class HostileSweepTests : IDisposable
{
    private const string Base = """
        network: { id: mlp, hidden: [2] }
        data: { id: waves, frequency: 0.5, train: 8, test: 4 }
        loss: mse
        optimizer: { id: sgd, learning-rate: 0.05 }
        batch: 4
        epochs: 2
        """;

    private readonly SmallRuns _runs = new();

    public HostileSweepTests()
    {
        File.WriteAllText(In("base.yaml"), Base);
        File.WriteAllText(In("sweep.yaml"), "base: base.yaml\nseeds: 2\n");
        Directory.CreateDirectory(In("sweep"));
        Directory.CreateDirectory(In("elsewhere"));
        File.WriteAllText(In("elsewhere/precious"), "mine");
    }

    public void Dispose() => _runs.Dispose();

    [Theory]
    [InlineData("../elsewhere")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("001/../../elsewhere")]
    public void A_list_of_runs_that_names_a_folder_elsewhere_is_refused(string name)
    {
        var folder = SweepFolder.Begin(In("sweep"), Reading());
        var plan = folder.Plan with { Runs = [folder.Plan.Runs[0] with { Name = name }, folder.Plan.Runs[1]] };
        File.WriteAllBytes(In("sweep/sweep.json"), SweepFolder.Json.WithDigest(plan));

        var error = Assert.Throws<OccamException>(() => SweepFolder.Begin(In("sweep"), Reading()));

        Assert.Contains("is no name of a run's folder", error.Message);
        Assert.Equal("mine", File.ReadAllText(In("elsewhere/precious")));
    }

    [Fact]
    public void A_sweep_one_of_whose_runs_is_a_link_does_not_go_on()
    {
        SweepFolder.Begin(In("sweep"), Reading());
        Directory.CreateSymbolicLink(In("sweep/001"), In("elsewhere"));

        var error = Assert.Throws<OccamException>(() => SweepFolder.Begin(In("sweep"), Reading()));

        Assert.Contains("is a link", error.Message);
    }

    [Theory]
    [InlineData("slurm.json")]
    [InlineData("array-1.sh")]
    [InlineData("")]
    public void What_is_submitted_is_not_written_through_a_link(string name)
    {
        var folder = In("sweep/slurm");
        if (name.Length == 0)
        {
            Directory.CreateSymbolicLink(folder, In("elsewhere"));
        }
        else
        {
            Directory.CreateDirectory(folder);
            File.CreateSymbolicLink(Path.Combine(folder, name), In("elsewhere/precious"));
        }

        var executor = new SlurmExecutor { Settings = new ClusterSettings(), Program = ["occam"], Folder = folder };
        var error = Assert.Throws<OccamException>(() => executor.Run([]));

        Assert.Contains("is a link", error.Message);
        Assert.Equal(["precious"], Directory.EnumerateFiles(In("elsewhere")).Select(Path.GetFileName));
        Assert.Equal("mine", File.ReadAllText(In("elsewhere/precious")));
    }

    [Fact]
    public void Any_flipped_bit_in_the_list_of_what_was_submitted_is_noticed()
    {
        new SlurmState(new() { ["17"] = ["001", "002"] }).Write(In("sweep"));
        var path = In("sweep/slurm.json");
        Assert.Equal(["001", "002"], SlurmState.Read(In("sweep")).Arrays["17"]);
        var whole = File.ReadAllBytes(path);
        for (var bit = 0; bit < 8 * whole.Length; bit++)
        {
            var damaged = whole.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(path, damaged);
            try
            {
                Assert.Fail($"bit {bit}: {string.Join(", ", SlurmState.Read(In("sweep")).Arrays.Keys)}");
            }
            catch (OccamException e)
            {
                Assert.Contains("slurm.json", e.Message);
            }
        }
    }

    [Fact]
    public void What_a_ranking_keeps_is_not_written_through_a_link()
    {
        var run = _runs.Train("one", Base);
        File.CreateSymbolicLink(In("one/measures.json"), In("elsewhere/precious"));

        var error = Assert.Throws<OccamException>(() => new RunMeasuring { Measures = [] }.Measure(run, []));

        Assert.Contains("is a link", error.Message);
        Assert.Equal("mine", File.ReadAllText(In("elsewhere/precious")));
    }

    private SweepReading Reading() => SweepReading.OfFile(In("sweep.yaml"));

    private string In(string name) => Path.Combine(_runs.Root, name);
}
