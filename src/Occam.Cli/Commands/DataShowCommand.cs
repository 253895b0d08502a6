using System.CommandLine;
using Occam.Cli.Options;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Data;
using Occam.Lab.Measuring;

namespace Occam.Cli.Commands;

/// <summary><c>occam data show</c>.</summary>
internal sealed class DataShowCommand : OccamCommand
{
    private readonly Argument<string> _data = new("DATA") { Description = "A named data set (mnist:test) or a file" };
    private readonly DataChoice _choice;

    public DataShowCommand(Session session) : base("show", "Show what is in a data set", session)
    {
        _data.CompletionSources.Add([.. DataCatalogue.Specifications]);
        Add(_data);
        _choice = new DataChoice(this);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam data show mnist:test", "its shape, its classes, its inputs"),
        new("occam data show points.npz --limit 100 --seed 1", "a random subset, as occam measure would take it"),
    ];

    protected override int Run(ParseResult arguments)
    {
        var specification = arguments.GetRequiredValue(_data);
        var options = _choice.Read(arguments);
        var (data, inputs) = LongWork.Run(Session, progress =>
        {
            progress.Begin("reading");
            var opened = DataSource.Open(specification, options);
            return (opened, InputStatistics.Of(opened, progress, Session.Cancellation));
        });
        Terminal.Print(Session, console => DataTable.Print(console, data, inputs));
        return ExitCode.Success;
    }
}
