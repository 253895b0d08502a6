using System.Text;
using Occam.Lab.Runs.Configuration;
using Occam.Lab.Runs.Store;
using Occam.Lab.Runs.TensorBoard;
using Occam.Training;

namespace Occam.Fuzz.Families;

/// <summary>
/// The files of a run: checkpoints, metrics, status, networks, event files; spoiled as a disk would, and as one would who knows how
/// they are written and gives them digests that agree.
/// </summary>
internal sealed class RunFamily : Family
{
    private const string Configuration = """
        network: { id: mlp, hidden: [3] }
        data: { id: waves, frequency: 0.5, train: 20, test: 5 }
        loss: mse
        optimizer: { id: adam, learning-rate: 0.05 }
        batch: 5
        epochs: 3
        seed: 1
        keep-best: test.loss
        checkpoint: 7 steps
        """;

    private const int MostSteps = 20;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private static readonly string[] s_kept = [RunFolder.CheckpointsName, RunFolder.LogName, RunFolder.TensorBoardName];

    private static readonly Lazy<IReadOnlyDictionary<string, byte[]>> s_sound = new(Train);

    public override string Name => "runs";

    public override int Share => 60;

    public override void Prepare() => _ = s_sound.Value;

    public override void Try(SeededRandom random, string folder)
    {
        var names = s_sound.Value.Keys.Order(StringComparer.Ordinal).ToArray();
        var spoiled = names[random.NextInt(names.Length)];
        foreach (var (name, content) in s_sound.Value)
        {
            var path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, name == spoiled ? Spoil(name, content, random, folder) : content);
        }

        RunCheck.Of(folder);
        if (random.NextInt(2) == 0)
        {
            Resume(folder);
            return;
        }

        var run = RunFolder.Open(folder);
        foreach (var events in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(name => name.Contains("tfevents")))
        {
            EventRecords.Count(events);
        }

        _ = run.Status;
        run.Metrics(_ => { }).Count();
        run.InitialNetwork();
        run.BestNetwork();
        GoOn(run);
    }

    // What a state does may show in the steps after it: in numbers that are drawn, in examples that are taken.
    private static void GoOn(RunFolder run)
    {
        var (_, trainer) = run.Restore();
        using (trainer)
        {
            trainer.Begin();
            for (var i = 0; i < MostSteps && trainer.End == TrainingEnd.None; i++)
            {
                trainer.TakeStep();
            }

            trainer.Snapshot();
        }
    }

    // As train --resume does, from the checkpoint before where the last one is spoiled. What it leaves is whole, but for what it only adds
    // to.
    private static void Resume(string folder)
    {
        using var patience = new CancellationTokenSource(s_patience);
        new TrainingRun { Observer = new Nobody(), Cancellation = patience.Token }.Resume(folder);
        if (RunCheck.Of(folder).FirstOrDefault(file => !file.IsWhole && !s_kept.Any(file.File.StartsWith)) is { } damaged)
        {
            throw new InvalidOperationException($"a run that was resumed has a damaged {damaged.File}: {damaged.What}");
        }
    }

    private static byte[] Spoil(string name, byte[] content, SeededRandom random, string folder)
    {
        if (random.NextInt(2) == 0)
        {
            return Bytes.Spoil(content, random);
        }

        var path = Path.Combine(folder, "spoiled");
        switch (Path.GetExtension(name))
        {
            case ".npz":
                File.WriteAllBytes(path, content);
                Rewrite(StateArchive.Load(path), random).Save(path);
                var bytes = File.ReadAllBytes(path);
                File.Delete(path);
                return bytes;
            case ".json":
                return Sealed.SpoilJson(content, random);
            case ".onnx":
                return Sealed.Spoil(content, TrailingDigest.OfNetworks, random);
            default:
                return Words.Utf8(Words.Spoil(Encoding.UTF8.GetString(content), random));
        }
    }

    // Arrays of another length, of other numbers, of another type, or not there.
    private static StateArchive Rewrite(StateArchive sound, SeededRandom random)
    {
        var (archive, names) = (new StateArchive(), sound.Names.ToArray());
        var chosen = names[random.NextInt(names.Length)];
        foreach (var name in names)
        {
            if (Copy<float>(name) || Copy<double>(name) || Copy<int>(name) || Copy<long>(name) || Copy<ulong>(name) || Copy<byte>(name))
            {
                continue;
            }
        }

        return archive;

        bool Copy<T>(string name)
            where T : unmanaged
        {
            T[] values;
            try
            {
                values = sound.Read<T>(name);
            }
            catch (OccamException)
            {
                return false;
            }

            if (name != chosen)
            {
                archive.Write(name, values);
                return true;
            }

            switch (random.NextInt(5))
            {
                case 0:
                    break;
                case 1:
                    archive.Write(name, values[..random.NextInt(values.Length + 1)]);
                    break;
                case 2:
                    archive.Write<T>(name, [.. values, .. values]);
                    break;
                case 3:
                    archive.Write(name, new[] { Bytes.Size(random) });
                    break;
                default:
                    System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).Fill((byte)random.NextInt(256));
                    archive.Write(name, values);
                    break;
            }

            return true;
        }
    }

    private static Dictionary<string, byte[]> Train()
    {
        var folder = Directory.CreateTempSubdirectory("occam-fuzz-").FullName;
        var place = Path.Combine(folder, "run");
        var reading = ConfigurationReading.OfText(Configuration, "run.yaml");
        var (plan, _) = RunPlan.Make(reading);
        new TrainingRun { Observer = new Nobody(), TensorBoard = true }.Begin(plan!, reading, place);
        var files = Directory.EnumerateFiles(place, "*", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetRelativePath(place, path), File.ReadAllBytes);
        Directory.Delete(folder, recursive: true);
        return files;
    }

    private sealed class Nobody : ITrainingObserver
    {
        public void OnBegin(string folder, Trainer trainer)
        {
        }

        public void OnMetric(Metric metric)
        {
        }

        public void OnStep(Trainer trainer)
        {
        }

        public void OnCheckpoint(long step)
        {
        }
    }
}
