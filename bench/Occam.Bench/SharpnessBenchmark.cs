using System.Diagnostics;
using Occam.Data;
using Occam.Measures;
using Occam.Measures.Sharpness;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Torch;

namespace Occam.Bench;

/// <summary>
/// Expected sharpness of the quarter-width VGG from 100 perturbations, each on 64 examples, by Occam and by peers in turn: perturbed
/// copies of the state_dict of the network as it is, and of the network with batch normalization folded, whose value is
/// Occam's up to the draws. Occam's time begins with the network as it was read.
/// </summary>
internal sealed class SharpnessBenchmark(Setting setting, Peer peer)
{
    private const string Network = "vgg";
    private const string Data = "photographs-512";
    private const string Copies = "copies";
    private const string Folded = "folded copies";
    private const double Required = 1.5;
    private const double Alpha = 0.005;
    private const int Draws = 100;
    private const int Batch = 64;
    private const double MostErrors = 5;

    private readonly Network _network = new(OnnxReader.Read(Setting.Exported(Network + ".onnx")));
    private readonly DataSet _data = DataSource.Open(Setting.Exported(Data + ".npz"), new DataOptions());

    /// <summary>The lines of the comparisons.</summary>
    public IEnumerable<Row> Run(Action<string> tell)
    {
        var (occam, copies, folded) = (new List<Timed>(), new List<Timed>(), new List<Timed>());
        for (var round = 0; round <= setting.Rounds; round++)
        {
            tell($"expected sharpness, {(round == 0 ? "warming up" : $"round {round} of {setting.Rounds}")}");
            occam.Add(Measure());
            copies.Add(peer.ExpectedSharpness(Network, Data, Copies, Alpha, Draws, Batch));
            folded.Add(peer.ExpectedSharpness(Network, Data, Folded, Alpha, Draws, Batch));
        }

        return [Compare(occam, copies, Copies, Required, sameValue: false), Compare(occam, folded, Folded, null, sameValue: true)];
    }

    private Timed Measure()
    {
        var clock = Stopwatch.StartNew();
        using var scope = Libtorch.NewDisposeScope();
        var measure = new ExpectedSharpness(Alpha, [Alpha], Draws, Batch: Batch);
        var result = measure.Measurement(new MeasureContext(new Subject(_network, FinalActivation.None), _data));
        return new Timed(result.Value!.Value, clock.Elapsed.TotalSeconds, Batch, result.StandardError);
    }

    private static Row Compare(List<Timed> occam, List<Timed> theirs, string how, double? required, bool sameValue)
    {
        static Spread Seconds(List<Timed> runs) => new([.. runs.Skip(1).Select(run => run.Seconds)]);
        var (mine, other) = (Seconds(occam), Seconds(theirs));
        var ratio = Spread.Ratio(other, mine);
        var errors =
            Math.Abs(occam[0].Value - theirs[0].Value) / Math.Sqrt((occam[0].Error * occam[0].Error) + (theirs[0].Error * theirs[0].Error));
        return new Row(
            $"{Network}, expected sharpness, {Draws} draws", Format.Seconds(mine), $"{how} of the state_dict", Format.Seconds(other),
            Format.Ratio(ratio),
            required is { } least ? $"≥ {least}×" : "", sameValue ? $"{errors:0.0} s.e." : "",
            ratio.Median >= (required ?? 0) && (!sameValue || errors <= MostErrors));
    }
}
