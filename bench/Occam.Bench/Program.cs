using System.CommandLine;
using Occam;
using Occam.Bench;
using Occam.Torch;

string[] cases = ["mlp", "vgg", "resnet18", "gradients", "sharpness", "weights", "training", "startup", "memory"];
var only = new Option<string[]>("--only") { Description = $"A case to run, in place of all: {string.Join(", ", cases)}. May be repeated." };
only.AcceptOnlyFromAmong(cases);
var quick = new Option<bool>("--quick") { Description = "Fewer rounds, and smaller data for the memory." };
var full = new Option<bool>("--full") { Description = "The memory also on 10,000 images, which takes long." };
var python = new Option<string>("--python") { Description = "The Python that has PyTorch.", DefaultValueFactory = _ => "/usr/bin/python3" };
var threads = new Option<int>("--threads")
{
    Description = "Threads of either side, except where whole processes are timed. One gives steadier ratios on a machine that others use.",
    DefaultValueFactory = _ => Environment.ProcessorCount,
};
var command = new RootCommand("Compares Occam with PyTorch on the same networks and data. Times are minimum / median; ratios are of "
    + "times taken in turn, median (minimum–maximum).")
{
    only, quick, full, python, threads,
};
command.SetAction(parsed => Run(new Setting
{
    Only = parsed.GetValue(only) ?? [],
    Quick = parsed.GetValue(quick),
    Full = parsed.GetValue(full),
    Python = parsed.GetValue(python)!,
    Threads = parsed.GetValue(threads),
}));
return command.Parse(args).Invoke();

static int Run(Setting setting)
{
    try
    {
        Machine.RequireChosenKernels();
        Libtorch.Threads = setting.Threads;
        Export(setting);
        using var peer = new Peer(setting);
        Console.WriteLine(Machine.Describe(peer));
        Row[] rows = [.. Rows(setting, peer)];
        ResultTable.Print(rows);
        var missed = rows.Count(row => !row.Met);
        Console.WriteLine(missed == 0 ? "All requirements are met." : $"{missed} of {rows.Length} lines miss what is required.");
        return missed == 0 ? 0 : 1;
    }
    catch (OccamException error)
    {
        Console.Error.WriteLine($"occam bench: {error.Message}");
        return 2;
    }
}

static IEnumerable<Row> Rows(Setting setting, Peer peer)
{
    // What is asked is asked against the peers as one writes them, all examples at once; the same in the chunks
    // that are fastest for them, which one has to search for, stands beside it. So does the loop that was told to
    // spare the weights' gradients, which is one of the things that Occam spares.
    Pairing[] exact =
    [
        new("float32", "jacrev at once", 2), new("float32", "backward at once", 1.5), new("bfloat16", "jacrev at once", 4),
        new("float32", "loop at once", null), new("float32", "jacrev", null), new("float32", "loop", null),
    ];
    Pairing[] informing = [new("float32", "jacrev", null), new("float32", "loop", null), new("bfloat16", "jacrev", null)];
    Pairing probe = new("probe", "projection", null);
    var processes = new ProcessBenchmark(setting);
    return
    [
        .. Of("mlp", () => new NetworkBenchmark(setting, peer, "mlp", "digits-2000").Run([.. exact, probe], Tell)),
        .. Of("vgg", () => new NetworkBenchmark(setting, peer, "vgg", "photographs-128").Run(informing, Tell)),
        .. Of("resnet18", () => new NetworkBenchmark(setting, peer, "resnet18", "photographs-32").Run([.. exact, probe], Tell)),
        .. Of("gradients", () => new GradientBenchmark(setting, peer).Run(Tell)),
        .. Of("sharpness", () => new SharpnessBenchmark(setting, peer).Run(Tell)),
        .. Of("weights", () => new WeightBenchmark(setting).Run(Tell)),
        .. Of("training", () => new TrainingBenchmark(setting, peer).Run(Tell)),
        .. Of("startup", () => processes.Startup(Tell)),
        .. Of("memory", () => processes.Memory(Tell)),
    ];

    IEnumerable<Row> Of(string name, Func<IEnumerable<Row>> run) => setting.Wants(name) ? run() : [];
}

static void Export(Setting setting)
{
    Tell("exporting the networks");
    string?[] roots =
    [
        Environment.GetEnvironmentVariable("OCCAM_DATA"), Path.Combine(Setting.Root, "data"),
        Path.Combine(Setting.Root, "..", "shared", "data"),
    ];
    string[] arguments =
        [Setting.Exported(""), .. roots.Where(Directory.Exists).OfType<string>(), .. setting.Full ? ["--full"] : (string[])[]];
    Console.Write(Child.Run(setting.Python, [setting.Python, Setting.Script("export.py"), .. arguments]).Output);
}

static void Tell(string what) => Console.Error.WriteLine($"  {what}");
