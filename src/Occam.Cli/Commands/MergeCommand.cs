using System.CommandLine;
using Occam.Cli.Options;
using Occam.Cli.Running;
using Occam.Lab.Measuring;
using Occam.Lab.Measuring.Shards;

namespace Occam.Cli.Commands;

/// <summary><c>occam merge</c>: what one run over all data would have said, from the parts of its shards.</summary>
internal sealed class MergeCommand : OccamCommand
{
    private readonly Argument<string[]> _parts = new("PART…")
    {
        Arity = ArgumentArity.OneOrMore,
        Description = "The parts of all shards, as occam measure --shard wrote them",
    };

    private readonly Option<string> _network = new("--network")
    {
        HelpName = "NETWORK",
        Description = "Where the network lies here; where it was measured when left out",
    };

    private readonly Option<string> _data = new("--data")
    {
        HelpName = "DATA",
        Description = "Where the data lie here; where they were measured when left out",
    };

    private readonly Option<bool> _trust = new("--trust")
    {
        Description = "Load TorchScript (.pt), a program that can read and write your files: for files whose maker you know",
    };

    private readonly Option<bool> _perExample = new("--per-example") { Description = "Put the value of each example into the JSON" };
    private readonly OutputOptions _outputs;

    public MergeCommand(Session session) : base("merge", "Make one result of the parts of a sharded measuring", session)
    {
        Add(_parts);
        Add(_network);
        Add(_data);
        Add(_trust);
        Add(_perExample);
        _outputs = new OutputOptions(this);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("occam merge net.*.part", "the table that one run over all data would have printed"),
        new("occam merge net.*.part --json result.json --per-example", "its JSON, with a value for each example"),
    ];

    protected override int Run(ParseResult arguments)
    {
        Measurer.WarmUp();
        var outputs = _outputs.Read(arguments);
        var parts = ShardMeasurer.Check(arguments.GetRequiredValue(_parts).Select(ShardPart.Read));
        var (path, request) = new MeasureCommand(Session).Read(
            [.. parts[0].Identity.Arguments, .. arguments.GetValue(_trust) ? ["--trust"] : (string[])[]]);
        path = arguments.GetValue(_network) ?? path;
        request = request with { Data = arguments.GetValue(_data) ?? request.Data };
        if (!File.Exists(path))
        {
            throw new OccamException($"the network '{path}' isn't here: it was measured in '{parts[0].Folder}'; merge there, or say by "
                + "--network and --data where network and data lie");
        }

        string[] processors = [.. parts.Select(part => part.Processor).Distinct()];
        if (processors.Length > 1)
        {
            Session.Note($"occam: the shards were computed on {string.Join(" and ", processors)}: the last digits may be others than those "
                + "of one run");
        }

        var measured = LongWork.Run(
            Session, progress => ShardMeasurer.Merge(path, Measurer.Open(request), request, parts, progress));
        MeasuredOutput.Show(
            Session, outputs, measured, request.DataOptions, arguments.GetValue(_perExample), CommandText.Of(arguments));
        return ExitCode.Success;
    }
}
