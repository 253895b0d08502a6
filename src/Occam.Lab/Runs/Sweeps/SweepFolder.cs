using System.Collections.Immutable;
using System.Text;
using Occam.Lab.Runs.Configuration;
using Occam.Lab.Text;

namespace Occam.Lab.Runs.Sweeps;

/// <summary>
/// A sweep in the run store: a folder with the sweep file, its base configuration, the list of its runs
/// (<c>sweep.json</c>), and a run's folder for each.
/// </summary>
public sealed class SweepFolder
{
    /// <summary>The sweep file.</summary>
    public const string FileName = "sweep.yaml";

    internal const string BaseName = "base.yaml";
    internal const string PlanName = "sweep.json";
    internal static readonly KeptJson Json = new(SweepContext.Default);

    private SweepFolder(string path, SweepPlan plan)
    {
        FolderPath = path;
        Plan = plan;
    }

    /// <summary>The folder.</summary>
    public string FolderPath { get; }

    /// <summary>The runs.</summary>
    public SweepPlan Plan { get; }

    /// <summary>Whether there is a sweep in a folder.</summary>
    public static bool IsSweep(string path) => File.Exists(Path.Combine(path, PlanName));

    /// <summary>Opens a sweep.</summary>
    /// <exception cref="OccamException">There is none, or its list is damaged.</exception>
    public static SweepFolder Open(string path)
    {
        if (!IsSweep(path))
        {
            throw new OccamException($"there is no sweep in '{path}': expected a folder with {PlanName}, as 'occam sweep' writes it");
        }

        var plan = Json.ReadFile<SweepPlan>(Path.Combine(path, PlanName));
        if (plan.Runs.FirstOrDefault(run => !IsFolderName(run.Name)) is { } strange)
        {
            throw new OccamException($"can't read '{Path.Combine(path, PlanName)}': it is damaged: "
                + $"'{PrintableText.Short(strange.Name)}' is no name of a run's folder in it");
        }

        foreach (var (name, digest) in plan.Digests ?? ImmutableSortedDictionary<string, string>.Empty)
        {
            var file = Path.Combine(path, name);
            if (!File.Exists(file) || TrailingDigest.OfFile(file) != digest)
            {
                throw new OccamException($"'{file}' is damaged or was changed: it is not as it was when the sweep began");
            }
        }

        return new SweepFolder(path, plan);
    }

    /// <summary>Reads the sweep file that a folder keeps, with the base configuration that it keeps.</summary>
    /// <exception cref="OccamException">A file can't be read.</exception>
    public static SweepReading Reread(string path)
    {
        if (IsSweep(path))
        {
            Open(path);
        }

        return SweepReading.OfFile(Path.Combine(path, FileName), Path.Combine(path, BaseName));
    }

    /// <summary>Begins a sweep in a folder, or goes on with the same one.</summary>
    /// <exception cref="OccamException">
    /// Another sweep or something else is there, a run's folder is a link, or the folder can't be written to.
    /// </exception>
    public static SweepFolder Begin(string path, SweepReading reading)
    {
        if (IsSweep(path))
        {
            var folder = Open(path);
            var isSame = ConfigurationReading.ReadFile(Path.Combine(path, FileName)) == reading.Text
                && ConfigurationReading.ReadFile(Path.Combine(path, BaseName)) == reading.BaseText;
            if (!isSame)
            {
                throw new OccamException($"the sweep in '{path}' was begun from another sweep file or base: go "
                    + $"on with it by 'occam sweep {path}', or name another folder by --out");
            }

            OwnFiles.RefuseLinks(path, folder.Plan.Runs.Select(run => run.Name));
            return folder;
        }

        if (Directory.EnumerateFileSystemEntries(path).Any(entry => Path.GetFileName(entry) != FolderLock.FileName))
        {
            throw new OccamException(
                $"the folder '{path}' is not empty and holds no sweep: name another by --out, or one that is not there yet");
        }

        var (file, own) = (Encoding.UTF8.GetBytes(reading.Text), Encoding.UTF8.GetBytes(reading.BaseText));
        var plan = reading.Plan with
        {
            Digests = ImmutableSortedDictionary<string, string>.Empty
                .Add(FileName, TrailingDigest.Of(file))
                .Add(BaseName, TrailingDigest.Of(own)),
        };
        AtomicFile.WriteAll(
            path,
            (FileName, stream => stream.Write(file)),
            (BaseName, stream => stream.Write(own)),
            (PlanName, stream => stream.Write(Json.WithDigest(plan))));
        return Open(path);
    }

    /// <summary>The folder of a run, which may not be there yet.</summary>
    public string PathOf(SweepRun run) => Path.Combine(FolderPath, run.Name);

    // What a run left is removed before it begins again: a name must not lead out.
    private static bool IsFolderName(string name) =>
        name is not ("" or "." or "..") && Path.GetFileName(name) == name && !name.Contains('\0');

    internal string BasePath => Path.Combine(FolderPath, BaseName);
}
