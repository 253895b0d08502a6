using System.CommandLine;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Lab.Experiments.Contract;
using Occam.Lab.Experiments.Dherin2021;

namespace Occam.Cli.Commands;

/// <summary><c>occam demo</c>: gor-1, the smallest example of what Occam is about.</summary>
internal sealed class DemoCommand : OccamCommand
{
    private const string DefaultFile = "occam-demo.html";

    private readonly Option<string> _out =
        new("--out") { Description = "The page to write", HelpName = "FILE", DefaultValueFactory = _ => DefaultFile };
    private readonly Option<int> _seeds = new("--seeds")
    {
        Description = "How many initializations to train",
        HelpName = "N",
        DefaultValueFactory = _ => new ParabolaOptions().Seeds,
    };
    private readonly Option<int> _seed = new("--seed") { Description = "The first seed", HelpName = "S" };
    private readonly Option<int> _steps =
        new("--steps") { Description = "Gradient steps; a verdict takes 30,000", HelpName = "N", DefaultValueFactory = _ => 30_000 };

    public DemoCommand(Session session) : base("demo", "Watch a network learn the simplest curve through ten points", session)
    {
        Add(_out);
        Add(_seeds);
        Add(_seed);
        Add(_steps);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam demo", $"train five networks, write {DefaultFile}"),
        new("occam demo --seeds 1 --steps 5000 --out short.html", "a shorter look, without a verdict"),
    ];

    protected override int Run(ParseResult arguments)
    {
        var path = arguments.GetValue(_out)!;
        AtomicFile.Check(path);
        LiveParabola? live = null;
        var experiment = new Parabola(new ParabolaOptions
        {
            Seeds = AtLeastOne(arguments, _seeds),
            Seed = arguments.GetValue(_seed),
            Steps = AtLeastOne(arguments, _steps),
            Cancellation = Session.Cancellation,
            Recorded = (index, point, function) => live!.Show(index, point, function),
        });
        Session.Note("A ReLU network of 3 × 300 units learns ten points of a parabola by plain gradient descent.");
        live = new LiveParabola(Session, experiment);
        var runs = experiment.Run();
        ParabolaPage.Of(runs, "occam demo").Write(path);
        Session.Note("");
        foreach (var verdict in new ParabolaExperiment().Verdicts(runs, ExperimentScale.Laptop))
        {
            Session.Tell(VerdictLine.Of(verdict));
        }

        Session.Tell($"The page: {path}");
        Session.Note("Next: occam measure NETWORK.onnx --data mnist:test, and occam --help.");
        return ExitCode.Success;
    }

    private static int AtLeastOne(ParseResult arguments, Option<int> option) =>
        arguments.GetValue(option) is > 0 and var value
            ? value
            : throw new OccamException($"{option.Name} {arguments.GetValue(option)}: expected a whole number of at least 1");
}
