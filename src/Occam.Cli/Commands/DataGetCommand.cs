using System.CommandLine;
using Occam.Cli.Running;
using Occam.Data;
using Occam.Lab.Measuring;

namespace Occam.Cli.Commands;

/// <summary><c>occam data get</c>.</summary>
internal sealed class DataGetCommand : OccamCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "A named data set; see occam data list" };
    private readonly Option<string> _root = DataCommand.RootOption();

    public DataGetCommand(Session session) : base("get", "Fetch a named data set from a public site and check it", session)
    {
        _name.CompletionSources.Add([.. DataCatalogue.Known.Select(set => set.Name)]);
        Add(_name);
        Add(_root);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam data get mnist", "into ./data, or $OCCAM_DATA where it is set"),
        new("occam data get cifar10 --data-root /data/vision", "into a folder of one's own"),
    ];

    protected override int Run(ParseResult arguments)
    {
        var name = arguments.GetRequiredValue(_name);
        var root = DataDownloads.DefaultRoot(new DataOptions { Root = arguments.GetValue(_root) });
        var written = LongWork.Run(Session, progress =>
            DataDownloads.GetAsync(name, root, new Bars(progress), cancellation: Session.Cancellation).GetAwaiter().GetResult());
        if (written.Count == 0)
        {
            Session.Tell($"{name} is complete under {root}");
        }

        foreach (var file in written)
        {
            Session.Tell(file);
        }

        return ExitCode.Success;
    }

    /// <summary>A step for each file that comes.</summary>
    private sealed class Bars(WorkProgress progress) : IProgress<DownloadProgress>
    {
        private string? _file;

        public void Report(DownloadProgress value)
        {
            if (value.FileName != _file)
            {
                _file = value.FileName;
                progress.Begin(_file);
            }

            progress.Report((double)value.Received / value.Length);
        }
    }
}
