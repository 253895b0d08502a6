using System.CommandLine;
using System.Text.Json;
using Occam;
using Occam.Bench;
using Occam.Torch;

if (args is [OccamWorker.Argument, var row, var count])
{
    return OccamWorker.Run(BenchCatalogue.All.Single(one => one.Id == row), int.Parse(count));
}

var rows = new Option<string[]>("--rows")
{
    Description = "The rows to run, in place of all; what is no name takes all that begin so. May be repeated.",
    AllowMultipleArgumentsPerToken = true,
};
var list = new Option<bool>("--list") { Description = "List the rows." };
var rounds = new Option<int>("--rounds")
{
    Description = "How often each side is timed, after a round that doesn't count; long rows take fewer.",
    DefaultValueFactory = _ => 7,
};
var full = new Option<bool>("--full") { Description = "The memory also on 10,000 images, which takes long." };
var python = new Option<string>("--python")
{
    Description = "The Python that has PyTorch and exports the networks.",
    DefaultValueFactory = _ => "/usr/bin/python3",
};
var peer = new Option<string[]>("--peer") { Description = "A further Python with another PyTorch, such as a newer one. May be repeated." };
var json = new Option<string>("--json") { Description = "Write the results to this file, too, as JSON." };
var threads = new Option<int>("--threads")
{
    Description = "Threads of either side, except where whole processes are timed.",
    DefaultValueFactory = _ => Environment.ProcessorCount,
};
var command = new RootCommand("Compares Occam with the best known PyTorch program for each row, on the same networks and data, in "
    + "turn, each in a process of its own. Ends with 1 where a requirement is missed. Don't run it while the machine does something else.")
{
    rows, list, rounds, full, python, peer, json, threads,
};
command.SetAction(parsed =>
{
    var setting = new Setting
    {
        Rounds = Math.Max(1, parsed.GetValue(rounds)),
        Full = parsed.GetValue(full),
        Python = parsed.GetValue(python)!,
        Pythons = [parsed.GetValue(python)!, .. parsed.GetValue(peer) ?? []],
        Threads = parsed.GetValue(threads),
    };
    try
    {
        return Run(setting, parsed.GetValue(rows) ?? [], parsed.GetValue(list), parsed.GetValue(json));
    }
    catch (OccamException error)
    {
        Console.Error.WriteLine($"occam bench: {error.Message}");
        return 2;
    }
});
return command.Parse(args).Invoke();

static int Run(Setting setting, string[] wanted, bool isList, string? json)
{
    RowRunner? runner = null;
    (string Id, string Title, Func<RowResult> Run)[] all =
    [
        .. BenchCatalogue.All.Select(row => (row.Id, row.Title, (Func<RowResult>)(() => runner!.Run(row)))),
        .. new ProcessRows(setting, Tell).All.Select(row => (row.Id, "", row.Run)),
    ];
    if (isList)
    {
        Console.WriteLine(string.Join('\n', all.Select(row => $"{row.Id,-28}{row.Title}")));
        return 0;
    }

    bool IsOf(string id, string name) => id == name
        || (all.All(row => row.Id != name) && id.StartsWith(name, StringComparison.Ordinal));
    var chosen = all.Where(row => wanted.Length == 0 || wanted.Any(name => IsOf(row.Id, name))).ToArray();
    if (chosen.Length == 0)
    {
        throw new OccamException($"there is no row '{string.Join(", ", wanted)}': --list shows all");
    }

    Machine.RequireChosenKernels();
    Libtorch.Threads = setting.Threads;
    Export(setting);
    Tell("this machine's peak");
    var peak = MachinePeak.Measure();
    runner = new RowRunner(setting, peak, Tell);
    Console.WriteLine(Machine.Describe(setting.Threads));
    var results = new List<RowResult>();
    foreach (var row in chosen)
    {
        results.Add(Guarded(row.Id, row.Title, row.Run));
        if (json is not null)
        {
            // After every row, so that what stops the benchmarks loses none.
            AtomicFile.Write(json, stream => JsonSerializer.Serialize(
                stream, new { peak.Product, peak.Convolution, peak.ShortConvolution, Rows = results },
                new JsonSerializerOptions(JsonSerializerOptions.Web)
                {
                    WriteIndented = true,
                }));
        }
    }

    ResultTable.Print(results, peak);
    var missed = results.Count(result => !result.Missed.IsEmpty);
    Console.WriteLine(missed == 0 ? "All requirements are met." : $"{missed} of {results.Count} rows miss what is required.");
    return missed == 0 ? 0 : 1;
}

// A row that fails doesn't stop the others.
static RowResult Guarded(string id, string title, Func<RowResult> run)
{
    try
    {
        return run();
    }
    catch (Exception e) when (e is OccamException or IOException or JsonException or System.ComponentModel.Win32Exception)
    {
        return new RowResult(id, title, null) { Missed = [$"failed: {e.Message}"] };
    }
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
    if (File.Exists(Setting.Script(PeerPrograms.SlopeScript)))
    {
        Child.Run(setting.Python, setting.Python, Setting.Script(PeerPrograms.SlopeScript), Setting.Exported(""));
    }
}

static void Tell(string what) => Console.Error.WriteLine($"  {what}");
