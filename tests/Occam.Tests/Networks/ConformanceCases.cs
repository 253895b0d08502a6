using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Occam.Data;
using Occam.Networks.Loading;

namespace Occam.Tests.Networks;

/// <summary>
/// ONNX's node conformance cases, which Debian's python3-onnx brings: a model of one operator (or of the nodes that its function
/// is made of), arrays for its inputs, and what must come out. They are written once, into the folder build of the repository.
/// </summary>
internal sealed class ConformanceCases
{
    private const double Tolerance = 1e-4;
    private readonly string _folder;

    private ConformanceCases(string folder)
    {
        _folder = folder;
        var lines = File.ReadAllLines(Path.Combine(folder, "cases.txt"));
        Version = lines[0];
        All = [.. lines.Skip(1).Select(line => line.Split('\t')).Select(parts => new Case(parts[0], parts[1], parts[2]))];
    }

    /// <summary>What may become of a case.</summary>
    public enum Outcome
    {
        /// <summary>It runs, and every output agrees.</summary>
        Agrees,

        /// <summary>It is refused, and why is said in one line.</summary>
        Refused,

        /// <summary>It runs, and an output is another.</summary>
        Wrong,

        /// <summary>It ends in an exception that no user should see.</summary>
        Crashed,
    }

    /// <summary>The folder that everything is in.</summary>
    public static string Repository { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", ".."));

    /// <summary>The version of ONNX that the cases are of.</summary>
    public string Version { get; }

    /// <summary>All cases, those left aside as well.</summary>
    public ImmutableArray<Case> All { get; }

    /// <summary>The cases, written where they aren't there yet.</summary>
    /// <param name="missing">What this machine lacks to write them; null where they are there.</param>
    public static ConformanceCases? Open(out string? missing)
    {
        var script = File.ReadAllBytes(Path.Combine(Repository, "tests", "peers", "conformance.py"));
        var cache = Directory.CreateDirectory(Path.Combine(Repository, "build", "conformance"));
        var folder = Path.Combine(cache.FullName, Convert.ToHexString(SHA256.HashData(script))[..12]);
        missing = PyTorchPeer.Run("conformance.py", folder);
        return missing is null ? new ConformanceCases(folder) : null;
    }

    /// <summary>Runs a case as <c>occam run</c> does.</summary>
    public Result Run(Case one)
    {
        string File(string name) => Path.Combine(_folder, one.Name, name);
        try
        {
            var model = RunnableModel.Load(File("model.onnx"));
            var arrays = NpzFile.Read(File("inputs.npz"));
            var found = model.Run(arrays);
            var differences = NpzFile.Read(File("outputs.npz"))
                .Select(expected => Difference(expected.Key, expected.Value, found.GetValueOrDefault(expected.Key)));
            return differences.FirstOrDefault(difference => difference is not null) is { } difference
                ? new Result(one, Outcome.Wrong, difference)
                : new Result(one, Outcome.Agrees, "");
        }
        catch (OccamException e)
        {
            var outcome = e.Message.Contains('\n') ? Outcome.Crashed : Outcome.Refused;
            return new Result(one, outcome, e.Message.Replace($"{File("model.onnx")}: ", ""));
        }
        catch (Exception e)
        {
            return new Result(one, Outcome.Crashed, $"{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>Writes beside the cases what became of those that don't agree.</summary>
    public string Report(IEnumerable<Result> results)
    {
        var path = Path.Combine(_folder, "score.txt");
        System.IO.File.WriteAllLines(path, results
            .Where(result => result.Outcome != Outcome.Agrees)
            .OrderByDescending(result => result.Outcome)
            .ThenBy(result => result.Case.Operator, StringComparer.Ordinal)
            .Select(result => $"{result.Outcome}\t{result.Case.Operator}\t{result.Case.Name}\t{result.Why}"));
        return path;
    }

    private static string? Difference(string name, NumberArray expected, NumberArray? found)
    {
        if (found is null || found.ElementType != expected.ElementType || !found.Shape.SequenceEqual(expected.Shape))
        {
            return $"'{name}' is {(object?)found ?? "missing"}: expected {expected}";
        }

        var (left, right) = (expected.ToArray<double>(), found.ToArray<double>());
        var wrong = Enumerable.Range(0, left.Length).FirstOrDefault(i => !Agree(left[i], right[i]), -1);
        return wrong < 0 ? null : $"'{name}' has {right[wrong]:R} at {wrong}: expected {left[wrong]:R}";
    }

    private static bool Agree(double expected, double found) =>
        expected.Equals(found) || Math.Abs(expected - found) <= Tolerance + (Tolerance * Math.Abs(expected));

    private static string Here([CallerFilePath] string path = "") => path;

    /// <summary>One case.</summary>
    /// <param name="Name">Its name in ONNX.</param>
    /// <param name="Operator">The operator that it is of.</param>
    /// <param name="Aside">Why it isn't counted; empty where it is.</param>
    public sealed record Case(string Name, string Operator, string Aside);

    /// <summary>What became of a case.</summary>
    /// <param name="Case">The case.</param>
    /// <param name="Outcome">What became of it.</param>
    /// <param name="Why">Where it doesn't agree, how.</param>
    public sealed record Result(Case Case, Outcome Outcome, string Why);
}
