using Occam.Lab.Explaining;
using Occam.Lab.Runs.Configuration;
using Occam.Lab.Runs.Store;
using Occam.Lab.Tests.Runs;
using Xunit;

namespace Occam.Lab.Tests.Explaining;

/// <summary>A store of runs of a moment's training.</summary>
internal sealed class SmallRuns : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("occam-explain-");

    public string Root => _root.FullName;

    public void Dispose() => _root.Delete(recursive: true);

    public static Explanation Explain(RunFolder run, string root) => new Explainer(new ExplanationRequest { Root = root }).Explain(run);

    public RunFolder Train(string name, string configuration)
    {
        var reading = ConfigurationReading.OfText(configuration, "run.yaml");
        var (plan, problems) = RunPlan.Make(reading);
        Assert.Empty(problems);
        new TrainingRun { Observer = new Nobody() }.Begin(plan!, reading, Path.Combine(Root, name));
        return RunFolder.Open(Path.Combine(Root, name));
    }
}
