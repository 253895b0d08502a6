using System.CommandLine;
using Occam.Cli.Running;
using Occam.Lab.Runs.Clusters;

namespace Occam.Cli.Options;

/// <summary>The options that say where the tasks of a command run.</summary>
internal sealed class ClusterOptions
{
    /// <summary>The names of these options.</summary>
    public static readonly IReadOnlySet<string> Names = new HashSet<string> { "--on", "--cluster", "--cancel" };

    private const string Local = "local";
    private const string Slurm = "slurm";
    private const string FolderName = "slurm";

    private readonly Option<string> _on = new("--on")
    {
        HelpName = $"{Local}|{Slurm}",
        Description = $"Where to run: on this machine, or as job arrays of a Slurm cluster [default: {Local}]",
    };

    private readonly Option<string> _cluster = new("--cluster")
    {
        HelpName = "FILE",
        Description = $"What the jobs ask for: partition, time, memory, … [default: {ClusterSettings.FileName}, where there is one]",
    };

    private readonly Option<bool> _cancel =
        new("--cancel") { Description = "Cancel the jobs when this command is interrupted; they go on when left out" };

    /// <summary>Adds the options to a command.</summary>
    public ClusterOptions(Command command)
    {
        _on.CompletionSources.Add(Local, Slurm);
        command.Add(_on);
        command.Add(_cluster);
        command.Add(_cancel);
    }

    /// <summary>What the jobs ask for; null where tasks run on this machine.</summary>
    /// <exception cref="OccamException">The place is unknown, or the file has mistakes.</exception>
    public ClusterSettings? Read(ParseResult arguments)
    {
        var on = arguments.GetValue(_on) ?? Local;
        if (on is not (Local or Slurm))
        {
            throw new OccamException($"--on {on} is nowhere: give {Local} or {Slurm}");
        }

        return on == Slurm ? ClusterSettings.Read(arguments.GetValue(_cluster))
            : arguments.GetValue(_cluster) is null && !arguments.GetValue(_cancel) ? null
            : throw new OccamException($"--cluster and --cancel are for --on {Slurm}");
    }

    /// <summary>What submits tasks and waits for them.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="settings">What the jobs ask for.</param>
    /// <param name="folder">The folder of the work, in which logs and scripts get one of their own.</param>
    /// <param name="session">Whose wish to stop counts, and where notes go.</param>
    /// <param name="ended">Called with the end of a task.</param>
    /// <param name="began">Called when a task was submitted.</param>
    public SlurmExecutor Executor(
        ParseResult arguments, ClusterSettings settings, string folder, Session session, Action<ClusterTaskEnd> ended,
        Action<ClusterTask>? began = null) => new()
        {
            Settings = settings,
            Program = OwnProgram.Command,
            Folder = Path.Combine(folder, FolderName),
            CancelsWithIt = arguments.GetValue(_cancel),
            Cancellation = session.Cancellation,
            Began = began,
            Ended = ended,
            Say = line => session.Note($"occam: {line}"),
        };
}
