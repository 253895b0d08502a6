using System.Diagnostics;
using Occam.Data;
using Occam.Measures;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Torch;

namespace Occam.Bench;

/// <summary>
/// The exact geometric complexity of one network, by Occam and by the peers in turn. Occam's time begins with the
/// network as it was read, so that folding batch normalization and factorizing the first layer are in it.
/// </summary>
internal sealed class NetworkBenchmark(Setting setting, Peer peer, string network, string dataName)
{
    private const double LargestError = 1e-5;
    private const double SameFunction = 1e-3;
    private const string AtOnce = " at once";

    private readonly Network _network = new(OnnxReader.Read(Setting.Exported(network + ".onnx")));
    private readonly DataSet _data = DataSource.Open(Setting.Exported(dataName + ".npz"), new DataOptions());

    /// <summary>The lines of the comparisons.</summary>
    /// <param name="pairings">What is compared with what: Occam's contestants are float32, bfloat16 and probe, the peers jacrev, backward,
    /// loop and projection, which take the data in the fastest chunks, or at once where their name ends so.</param>
    /// <param name="tell">Told what is under way.</param>
    public IEnumerable<Row> Run(Pairing[] pairings, Action<string> tell)
    {
        tell($"{network}: reference in float64");
        var reference = peer.GeometricComplexity(network, dataName, "loop", "float64").Value;
        Contestant[] contestants = [
            .. pairings.Select(pairing => pairing.Occam).Distinct().Select(OccamBy),
            .. pairings.Select(pairing => pairing.Peer).Distinct().Select(PeerBy)];
        var found = contestants.ToDictionary(contestant => contestant.Title, _ => new List<Timed>());
        for (var round = 0; round <= setting.Rounds; round++)
        {
            foreach (var contestant in contestants)
            {
                tell($"{network}: {contestant.Title}, {(round == 0 ? "warming up" : $"round {round} of {setting.Rounds}")}");
                var timed = contestant.Compute();
                if (round > 0)
                {
                    found[contestant.Title].Add(timed);
                }
            }
        }

        return pairings.Select(pairing => Compare(pairing, found[pairing.Occam], found[pairing.Peer], reference));
    }

    private Contestant OccamBy(string title)
    {
        var type = title == "bfloat16" ? ScalarType.BFloat16 : ScalarType.Float32;
        var options = new MeasureOptions { Directions = title == "probe" ? 1 : null };
        return new Contestant(title, () =>
        {
            var clock = Stopwatch.StartNew();
            using var scope = Libtorch.NewDisposeScope();
            var context = new MeasureContext(new Subject(_network, FinalActivation.None, type), _data, options);
            var value = MeasureCatalogue.Find("geometric-complexity").Measurement(context).Value!.Value;
            return new Timed(value, clock.Elapsed.TotalSeconds, context.BatchSize);
        });
    }

    private Contestant PeerBy(string method)
    {
        int? chunk = method.EndsWith(AtOnce, StringComparison.Ordinal) ? _data.Count : null;
        return new Contestant(method, () =>
        {
            var timed = peer.GeometricComplexity(network, dataName, method.Replace(AtOnce, ""), "float32", chunk);
            chunk = timed.Chunk;
            return timed;
        });
    }

    private Row Compare(Pairing pairing, List<Timed> occam, List<Timed> theirs, double reference)
    {
        var mine = new Spread([.. occam.Select(timed => timed.Seconds)]);
        var other = new Spread([.. theirs.Select(timed => timed.Seconds)]);
        var ratio = Spread.Ratio(other, mine);
        var error = RelativeError(occam, reference);
        var tolerance = pairing.Occam == "float32" ? LargestError : double.PositiveInfinity;
        var peerAgrees = pairing.Peer == "projection" || RelativeError(theirs, reference) <= SameFunction;
        return new Row(
            $"{network}, {_data.Count} examples, {pairing.Occam}",
            Format.Seconds(mine),
            $"{pairing.Peer}, chunk {theirs[0].Chunk}",
            Format.Seconds(other),
            Format.Ratio(ratio),
            pairing.Required is { } required ? $"≥ {required}×" : "",
            $"{error:0.0e+0}" + (error <= tolerance ? "" : $" > {LargestError:0e+0}") + (peerAgrees ? "" : ", the peer disagrees"),
            ratio.Median >= (pairing.Required ?? 0) && error <= tolerance && peerAgrees);
    }

    private static double RelativeError(IEnumerable<Timed> runs, double reference) =>
        runs.Max(timed => Math.Abs(timed.Value - reference) / Math.Abs(reference));
}
