using System.Diagnostics;
using Occam.Lab.Runs.Configuration;
using Occam.Lab.Runs.Sweeps;
using Xunit;

namespace Occam.Lab.Tests.Runs;

public sealed class HostileYamlTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("occam-yaml-").FullName;

    public static TheoryData<string, string> Hostile => new()
    {
        { "network: &a [*a]", "run.yaml:1:14: this is not YAML: the alias '*a' stands in what it refers to, which has no end" },
        { "network: &a { id: *a }", "the alias '*a' stands in what it refers to" },
        { "network: *nowhere", "the alias '*nowhere' refers to nothing before it" },
        { $"network: {new string('[', 20_000)}", "lists and mappings stand more than 64 deep in each other" },
        { $"network: {string.Concat(Enumerable.Repeat("{ a: ", 20_000))}", "stand more than 64 deep" },
        { string.Concat(Enumerable.Range(0, 2000).Select(i => $"{new string(' ', i)}a:\n")), "stand more than 64 deep" },
        { Chain(100, 1), "stand more than 64 deep" },
        { Chain(9, 9), "there are more than 100000 values, those that aliases repeat among them" },
        { $"network: [{string.Join(',', Enumerable.Repeat("1", 200_000))}]", "there are more than 100000 values" },
        { "batch: 1\nbatch: 2", "run.yaml:2:1: this is not YAML: the key 'batch' is there twice" },
        { "? [a, b]\n: c", "a key must be a word" },
        { "a: 1\n---\na: 2", "a second document begins here" },
        { "network: *", "this is not YAML" },
        { "network: &", "this is not YAML" },
        { "*a : 1", "this is not YAML" },
        { "&a", "expected" },
        { "\u0000", "this is not YAML" },
        { string.Join('\n', Enumerable.Range(0, 5000).Select(i => $"k{i}: 1")), "there are more mistakes than these" },
        { $"{new string('k', 1000)}: 1", "unknown key 'kkk" },
    };

    [Fact]
    public void Half_of_a_character_is_no_text()
    {
        var reading = ConfigurationReading.OfText($"network: \"x{(char)0xd800}\"", "run.yaml");

        Assert.Null(reading.Configuration);
        Assert.Contains("half of a character", Assert.Single(reading.Problems).ToString(), StringComparison.Ordinal);

        var set = ConfigurationReading.OfText("steps: 5", "run.yaml", [$"network.x{(char)0xd800}=1"]);
        Assert.Contains(set.Problems, problem => problem.ToString().Contains("half of a character", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(70_000, 70_000)]
    [InlineData(1, 2_000_000_000)]
    [InlineData(2_000_000_000, 2)]
    public void Waves_of_more_numbers_than_memory_are_refused(int examples, int inputs) => Assert.Contains(
        "give at most",
        Assert.Throws<OccamException>(
            () => new Occam.Lab.Runs.Data.WavesRecipe(0.5) { Train = examples, Inputs = inputs }.OpenTrain()).Message);

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_hostile_text_is_refused_at_once(string text, string message)
    {
        var clock = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();

        var reading = ConfigurationReading.OfText(text, "run.yaml");

        Assert.Null(reading.Configuration);
        Assert.Contains(reading.Problems, problem => problem.ToString().Contains(message, StringComparison.Ordinal));
        Assert.All(reading.Problems, problem => Assert.InRange(problem.ToString().Length, 1, 2000));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 500L << 20);
        Assert.InRange(clock.ElapsedMilliseconds, 0, 5000);
    }

    [Theory]
    [InlineData("network=&a [*a]", "stands in what it refers to")]
    [InlineData("network=&a [&b [*a]]", "stands in what it refers to")]
    [InlineData("network=*a", "refers to nothing before it")]
    public void What_is_set_beside_the_file_is_held_to_the_same(string setting, string message) => Refuses(setting, message);

    [Fact]
    public void A_setting_is_no_deeper_than_a_file()
    {
        Refuses($"network={new string('[', 20_000)}", "more than 64 deep");
        Refuses($"network={Chain(9, 9)}", "more than 100000 values");
        Refuses($"{string.Join('.', Enumerable.Repeat("a", 20_000))}=1", "the key has 20000 parts");
    }

    [Fact]
    public void A_sweep_is_held_to_the_same()
    {
        Assert.Contains("stands in what it refers to", Sweep("base: { network: mlp }\ngrid: { network: &a [*a] }"));
        Assert.Contains("more than 64 deep", Sweep($"base: {new string('[', 20_000)}"));
        Assert.Contains(
            "is no key of a configuration", Sweep($"base: {{}}\ngrid: {{ {string.Join('.', Enumerable.Repeat("a", 500))}: [1] }}"));
        Assert.Contains("'seeds' is 2000000000: expected at most 10000", Sweep("base: {}\nseeds: 2000000000"));
        Assert.Contains("would have 20000 runs", Sweep("base: {}\nseeds: 10000\ngrid: { batch: [1, 2] }"));

        string Sweep(string text)
        {
            var path = Path.Combine(_folder, "sweep.yaml");
            File.WriteAllText(path, text);
            return string.Join('\n', SweepReading.OfFile(path).Check());
        }
    }

    [Fact]
    public void An_alias_repeats_what_it_refers_to()
    {
        const string text = """
            network: { id: mlp, hidden: &sizes [4, 8] }
            data: { train: glyphs:train, limit: &count 50 }
            loss: cross-entropy
            optimizer: { id: sgd, learning-rate: 0.1 }
            batch: *count
            epochs: 2
            probes: [{ measure: &measure { id: group-norm, p: 1 } }, { measure: *measure, every: 2 epochs }]
            """;

        var configuration = ConfigurationReading.OfText(text, "run.yaml").Require();

        Assert.Equal(50, configuration.Settings.BatchSize);
        Assert.Equal(configuration.Probes[0].Measure, configuration.Probes[1].Measure);
    }

    [Fact]
    public void A_name_may_be_given_again()
    {
        var binder = new ConfigurationBinder();

        var node = ConfigurationReading.ReadNode("a: &x 1\nb: *x\nc: &x 2\nd: *x\ne: &y [*x, *x]\nf: *y", "x.yaml", binder);

        Assert.Empty(binder.Problems);
        Assert.Equal("{ \"a\": 1, \"b\": 1, \"c\": 2, \"d\": 2, \"e\": [2, 2], \"f\": [2, 2] }", YamlText.WriteLine(node!));
    }

    [Fact]
    public void Of_a_device_no_more_is_read_than_a_configuration_has()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no /dev/zero");
        var before = GC.GetTotalAllocatedBytes(true);

        var error = Assert.Throws<OccamException>(() => ConfigurationReading.OfFile("/dev/zero"));

        Assert.Equal("'/dev/zero' is longer than 1048576 bytes, the most that a configuration has: is it another file?", error.Message);
        Assert.InRange(GC.GetTotalAllocatedBytes(true) - before, 0, 20L << 20);
    }

    [Fact]
    public async Task A_pipe_is_read_to_its_end_and_not_waited_for_without_one()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there are no named pipes among the files");
        var pipe = Path.Combine(_folder, "pipe");
        using (var make = Process.Start("mkfifo", pipe))
        {
            await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var writing = Task.Run(() => File.WriteAllText(pipe, "batch: 1"), TestContext.Current.CancellationToken);
        var reading = ConfigurationReading.OfFile(pipe);
        await writing;
        var error = Assert.Throws<OccamException>(() => ConfigurationReading.OfFile(pipe));

        Assert.Equal("batch: 1", reading.Text);
        Assert.Contains("it has not ended after 5 seconds", error.Message);

        // Whoever still waits is let go.
        File.WriteAllText(pipe, "");
    }

    public void Dispose() => Directory.Delete(_folder, true);

    private static void Refuses(string setting, string message)
    {
        var reading = ConfigurationReading.OfText("batch: 1", "run.yaml", [setting]);

        Assert.Contains(reading.Problems, problem => problem.Message.Contains(message, StringComparison.Ordinal));
        Assert.All(reading.Problems, problem => Assert.InRange(problem.ToString().Length, 1, 2000));
    }

    // Lists that each hold the one before them several times.
    private static string Chain(int length, int times) => "{ k0: &a0 [lol], " + string.Join(", ", Enumerable.Range(1, length)
        .Select(i => $"k{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", times))}]")) + " }";
}
