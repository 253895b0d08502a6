using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Xunit;

namespace Occam.Cli.Tests;

/// <summary>
/// A Slurm cluster of this machine alone, without accounting, in a folder of its own: Debian's slurm-wlm, its controller and node daemon
/// started for a test and ended with it.
/// </summary>
internal sealed partial class SlurmCluster : IDisposable
{
    private const string Variable = "SLURM_CONF";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("occam-slurm-");
    private readonly List<Process> _daemons = [];
    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);

    /// <summary>Starts it; skips the test where it can't be.</summary>
    public SlurmCluster()
    {
        Assert.SkipUnless(geteuid() == 0, "not root: Slurm's daemons can't be started");
        Assert.SkipUnless(
            new[] { "munged", "slurmctld", "slurmd" }.All(daemon => File.Exists($"/usr/sbin/{daemon}")),
            "Slurm isn't installed: apt-get install slurm-wlm");
        Node = Environment.MachineName.Split('.')[0];
        foreach (var name in new[] { "state", "spool", "munge" })
        {
            _folder.CreateSubdirectory(name);
        }

        File.WriteAllBytes(In("key"), RandomNumberGenerator.GetBytes(1024));
        Run("chmod", "755", _folder.FullName);
        Run("chmod", "600", In("key"));
        File.WriteAllText(In("slurm.conf"), $"""
            ClusterName=occam
            SlurmctldHost={Node}(127.0.0.1)
            AuthType=auth/munge
            AuthInfo=socket={In("munge/socket")}
            SlurmUser=root
            SlurmctldPort={FreePort()}
            SlurmdPort={FreePort()}
            StateSaveLocation={In("state")}
            SlurmdSpoolDir={In("spool")}
            SlurmctldPidFile={In("slurmctld.pid")}
            SlurmdPidFile={In("slurmd.pid")}
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            SelectType=select/cons_tres
            SelectTypeParameters=CR_CPU
            AccountingStorageType=accounting_storage/none
            JobAcctGatherType=jobacct_gather/none
            ReturnToService=2
            KillWait=5
            MpiDefault=none
            NodeName={Node} NodeAddr=127.0.0.1 CPUs={Environment.ProcessorCount} State=UNKNOWN
            PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP

            """);
        Environment.SetEnvironmentVariable(Variable, In("slurm.conf"));
        Daemon(
            "munged", "--foreground", "--force", $"--key-file={In("key")}", $"--socket={In("munge/socket")}",
            $"--pid-file={In("munge/pid")}", $"--log-file={In("munge/log")}", $"--seed-file={In("munge/seed")}");
        Until(() => File.Exists(In("munge/socket")));
        Daemon("slurmctld", "-D", "-c", "-i");
        Daemon("slurmd", "-D", "-c");
        Until(() => Run("sinfo", "--noheader", "--format=%T").Trim() == "idle");
    }

    /// <summary>The node's name.</summary>
    public string Node { get; }

    /// <summary>The tasks that run, as job_task.</summary>
    public static string[] Running =>
        Run("squeue", "--noheader", "--array", "--states=RUNNING", "--format=%F_%K").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs a command, of Slurm or of the system.</summary>
    public static string Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _ = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    /// <summary>Waits until something is so.</summary>
    /// <param name="holds">Whether it is.</param>
    /// <param name="work">The work that should bring it about, and not end before.</param>
    public static void Until(Func<bool> holds, Task<Workplace.Outcome>? work = null)
    {
        for (var began = Stopwatch.GetTimestamp(); !holds(); Thread.Sleep(50))
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < s_patience, "it has not come about in a minute");
            Assert.False(work?.IsCompleted ?? false, work is { IsCompletedSuccessfully: true } ? work.Result.Error : "the work failed");
        }
    }

    public void Dispose()
    {
        foreach (var daemon in Enumerable.Reverse(_daemons))
        {
            daemon.Kill(entireProcessTree: true);
            daemon.WaitForExit();
            daemon.Dispose();
        }

        Environment.SetEnvironmentVariable(Variable, _before);
        _folder.Delete(recursive: true);
    }

    [LibraryImport("libc")]
    private static partial uint geteuid();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private void Daemon(string name, params string[] arguments)
    {
        var daemon = Process.Start(new ProcessStartInfo($"/usr/sbin/{name}", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        daemon.OutputDataReceived += (_, _) => { };
        daemon.ErrorDataReceived += (_, _) => { };
        daemon.BeginOutputReadLine();
        daemon.BeginErrorReadLine();
        _daemons.Add(daemon);
    }
}
