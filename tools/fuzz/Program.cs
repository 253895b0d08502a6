using System.Globalization;
using Occam.Fuzz;

// ./occam fuzz [--minutes N] [--inputs N] [--family NAME] [--from SEED] [--out FOLDER]
// The worker of a campaign: worker FAMILY FROM TO UNTIL REPORT FINDINGS.
// One input again, its files left in a folder: try FAMILY SEED FOLDER.
Family Find(string name) => Family.All.FirstOrDefault(family => family.Name == name)
    ?? throw new ArgumentException($"there is no family '{name}': expected {string.Join(", ", Family.All.Select(family => family.Name))}");
long Whole(string text) => long.Parse(text, CultureInfo.InvariantCulture);

if (args is ["worker", var worked, var from, var to, var until, var report, var findings])
{
    return Worker.Run(
        Find(worked), (Whole(from), Whole(to)), DateTimeOffset.Parse(until, CultureInfo.InvariantCulture), report, findings);
}

if (args is ["try", var tried, var seed, var place])
{
    Find(tried).Prepare();
    var (outcome, what) = Worker.Try(Find(tried), Whole(seed), Directory.CreateDirectory(place).FullName);
    Console.WriteLine($"{outcome}: {what}");
    return outcome > Outcome.Refused ? 1 : 0;
}

string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

var minutes = double.Parse(Option("--minutes") ?? (Option("--inputs") is null ? "1" : "1e6"), CultureInfo.InvariantCulture);
var inputs = Whole(Option("--inputs") ?? $"{long.MaxValue / 2000}");
var first = Whole(Option("--from") ?? "0");
Family[] families = Option("--family") is { } only ? [Find(only)] : [.. Family.All];
var folder = Option("--out") ?? Path.Combine("build", "fuzz");
Directory.CreateDirectory(folder);
File.Delete(Path.Combine(folder, "findings.tsv"));
var shares = families.Sum(family => family.Share);
var table = new OutcomeTable(Console.Out);
foreach (var family in families)
{
    var share = (double)family.Share / shares;
    var last = first + (long)Math.Ceiling(inputs * share);
    table.Add(family.Name, new Campaign(folder).Run(family, (first, last), TimeSpan.FromMinutes(minutes * share)));
}

return table.End() ? 0 : 1;
