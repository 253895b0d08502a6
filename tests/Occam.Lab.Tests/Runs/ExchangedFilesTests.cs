using Occam.Lab.Runs.Store;
using Xunit;

namespace Occam.Lab.Tests.Runs;

/// <summary>Runs whose files are whole, each by itself, and not the ones that were written there.</summary>
public sealed class ExchangedFilesTests : IDisposable
{
    private readonly RunMaker _runs = new();
    private readonly string _whole;
    private readonly string _run;

    public ExchangedFilesTests() => (_whole, _run) = (_runs.Train("whole"), _runs.Copy("whole", "one"));

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void A_status_without_a_digest_is_refused_where_the_run_has_digests()
    {
        File.WriteAllText(Of("status.json"), """{"state":"completed","why":"all steps","step":99}""");
        Assert.Contains("it has no digest", Assert.Throws<OccamException>(() => RunFolder.Open(_run).Status).Message);
        AssertDamaged("status.json", "it has no digest");
        AssertResumed();
    }

    [Fact]
    public void An_origin_with_digests_and_without_its_own_is_refused()
    {
        var text = File.ReadAllText(Of("environment.json"));
        File.WriteAllText(
            Of("environment.json"), text[..text.LastIndexOf(",\n  \"digest\"", StringComparison.Ordinal)] + "\n}\n");
        Assert.Contains("it has no digest", Assert.Throws<OccamException>(() => RunFolder.Open(_run)).Message);
        AssertDamaged("environment.json", "it has no digest");
    }

    [Theory]
    [InlineData("network.onnx")]
    [InlineData("best.onnx")]
    public void Another_whole_network_is_told_and_written_anew(string name)
    {
        File.Copy(Of("initial.onnx"), Of(name), overwrite: true);
        AssertDamaged(name, "it is another network than the one of step 20");
        var run = RunFolder.Open(_run);
        Assert.Contains("it is another network", Assert.Throws<OccamException>(
            () => name == "network.onnx" ? run.Network() : run.BestNetwork()).Message);
        AssertResumed();
    }

    [Theory]
    [InlineData("network.onnx")]
    [InlineData("best.onnx")]
    [InlineData("metrics.jsonl")]
    [InlineData("status.json")]
    public void A_file_that_is_gone_is_told(string name)
    {
        File.Delete(Of(name));
        AssertDamaged(name, "it is missing");
        if (name.EndsWith(".onnx", StringComparison.Ordinal))
        {
            AssertResumed();
        }
    }

    [Fact]
    public void The_last_checkpoint_is_missed()
    {
        File.Delete(Of("checkpoints/step-000000000020.npz"));
        AssertDamaged("checkpoints", "that of step 20, which status.json knows of, is missing: the run goes on from step 14");
        AssertResumed();
    }

    [Fact]
    public void Where_all_checkpoints_are_gone_the_run_begins_again_and_says_so()
    {
        Directory.Delete(Of("checkpoints"), recursive: true);
        AssertDamaged("checkpoints", "is missing: train --resume begins again");
        AssertResumed();
    }

    [Fact]
    public void Checkpoints_that_are_exchanged_are_told()
    {
        var (last, before) = (Of("checkpoints/step-000000000020.npz"), Of("checkpoints/step-000000000014.npz"));
        var bytes = File.ReadAllBytes(last);
        File.Move(before, last, overwrite: true);
        File.WriteAllBytes(before, bytes);
        AssertDamaged("checkpoints/step-000000000020.npz", "another checkpoint");
        AssertDamaged("checkpoints/step-000000000014.npz", "another step");
        Assert.Contains("no checkpoint in", Assert.Throws<OccamException>(
            () => new TrainingRun { Observer = new Nobody() }.Resume(_run)).Message);
    }

    [Fact]
    public void The_last_checkpoint_of_another_run_is_told()
    {
        var other = _runs.Train("other", RunMaker.Small.Replace("seed: 1", "seed: 2", StringComparison.Ordinal));
        File.Copy(Path.Combine(other, "checkpoints/step-000000000020.npz"), Of("checkpoints/step-000000000020.npz"), overwrite: true);
        AssertDamaged("checkpoints/step-000000000020.npz", "another checkpoint than the one that status.json knows of");
        Assert.Contains("another checkpoint", Assert.Throws<OccamException>(() => RunFolder.Open(_run).Restore()).Message);
        AssertResumed();
    }

    [Theory]
    [InlineData("cut off", "fewer rows", true)]
    [InlineData("the first gone", "fewer rows", false)]
    [InlineData("the last twice", "more rows", true)]
    [InlineData("one twice, one gone", "aren't those", false)]
    public void Rows_that_are_missing_or_doubled_are_told(string what, string why, bool isMended)
    {
        var rows = File.ReadAllLines(Of("metrics.jsonl"));
        string[] changed = what switch
        {
            "cut off" => rows[..^1],
            "the first gone" => rows[1..],
            "the last twice" => [.. rows, rows[^1]],
            _ => [rows[1], .. rows[1..]],
        };
        File.WriteAllLines(Of("metrics.jsonl"), changed);
        AssertDamaged("metrics.jsonl", why);
        if (isMended)
        {
            AssertResumed();
        }
        else
        {
            Assert.Throws<OccamException>(() => new TrainingRun { Observer = new Nobody() }.Resume(_run));
        }
    }

    [Fact]
    public void A_status_that_an_older_version_wrote_says_nothing_of_the_files()
    {
        var text = File.ReadAllText(Of("status.json"));
        var (start, end) = (text.IndexOf("\"files\"", StringComparison.Ordinal), text.IndexOf("\"written\"", StringComparison.Ordinal));
        text = text[..start] + text[end..text.LastIndexOf(",\n  \"digest\"", StringComparison.Ordinal)];
        using (var file = File.Create(Of("status.json"), 1, FileOptions.None))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
            TrailingDigest.OfJson.Write(file);
        }

        Assert.Null(RunFolder.Open(_run).Status.Files);
        Assert.All(RunCheck.Of(_run), file => Assert.True(file.IsWhole, $"{file.File}: {file.What}"));
        AssertResumed();
    }

    private void AssertDamaged(string name, string why) =>
        Assert.Contains(why, Assert.Single(RunCheck.Of(_run), file => !file.IsWhole && file.File == name).What);

    // To the same bits; what was wrong was told where anything was.
    private void AssertResumed()
    {
        var wasWhole = RunCheck.Of(_run).All(file => file.IsWhole);
        var told = new List<string>();
        new TrainingRun { Observer = new Nobody(), Damaged = told.Add }.Resume(_run);
        Assert.Equal(wasWhole, told.Count == 0);
        Assert.All(told, why => Assert.DoesNotContain('\n', why));
        Assert.All(RunCheck.Of(_run), file => Assert.True(file.IsWhole, $"{file.File}: {file.What}"));
        Assert.All(new[] { "network.onnx", "best.onnx" }, name => Assert.Equal(
            File.ReadAllBytes(Path.Combine(_whole, name)), File.ReadAllBytes(Of(name))));
    }

    private string Of(string name) => Path.Combine(_run, name);
}
