using System.Collections.Immutable;
using Occam.Derivatives;
using Occam.Torch;

namespace Occam.Measures.Regions;

/// <summary>
/// Local complexity (Humayun, Balestriero and Baraniuk 2024): how many boundaries of linear regions cut a small neighbourhood of an
/// example, the mean over the data. The neighbourhood of x is the cross-polytope of the corners x ± r v_p, for P random directions v_p at
/// right angles to each other. A unit counts where it isn't on the same piece at all corners: a ReLU whose sign differs, a pooling whose
/// largest input does. It takes forward passes alone, 2P an example; of a perceptron of ReLUs and a small neighbourhood far less, for few
/// units are near enough to zero to differ. Up to the first layer that bends, a unit that counts does cut the neighbourhood; behind it,
/// counting at the corners is the paper's approximation. The count is exact for the directions drawn; the error is that of their drawing.
/// </summary>
/// <param name="Radius">r, in units of the network's input.</param>
/// <param name="Directions">P; as many as there are inputs where these are fewer.</param>
/// <param name="Frames">How often the directions are drawn for each example.</param>
public sealed record LocalComplexity(double Radius = 0.005, int Directions = 25, int Frames = 1) : Measure(
    "local-complexity", "Local complexity", "Humayun et al. 2024",
    "$E_x n(x)$, $n(x)$ the units that aren't on one piece at all corners $x ± r v_p$",
    MeasureNeeds.Data | MeasureNeeds.Between | MeasureNeeds.Graph | MeasureNeeds.PiecewiseLinear)
{
    // Batches of corners that are drawn side by side.
    private const int GroupsAtOnce = 16;

    /// <inheritdoc/>
    public override string Meaning => "How many boundaries of linear pieces pass close by an example.";

    /// <inheritdoc/>
    public override bool IsByExample => true;

    /// <inheritdoc/>
    public override string? Problem() =>
        Unless(Radius > 0 && double.IsFinite(Radius), $"a radius of {Radius}", "a positive number")
        ?? Unless(Directions >= 1, $"{Directions} directions", "at least 1") ?? Unless(Frames >= 1, $"{Frames} frames", "at least 1");

    /// <inheritdoc/>
    protected override MeasureResult Compute(MeasureContext context)
    {
        var patterns = ActivationPatterns.Of(context.Subject.Folded!, context.Subject.FixedBatch);
        var frames = SampledMean.Directions(Frames, context.WholeCount());
        var directions = (int)Math.Min(Directions, context.Inputs);
        var (names, units) = Units(patterns, context);

        var perceptron = PerceptronNeighbourhoods.Of(context, Radius, directions, (long)frames * context.WholeCount());

        // A column for each node and frame.
        var columns = context.ByExample($"local-complexity-{Radius:R}-{directions}-{frames}", batch =>
        {
            var counts = Enumerable.Range(0, frames * names.Length).Select(_ => new double[batch.Count]).ToArray();
            int[] left = perceptron is null
                ? [.. Enumerable.Range(0, batch.Count)]
                : perceptron.Count(
                    batch.Inputs, context.Options.Cancellation, i => Drawn(context, batch.Part(i, 1), directions, frames),
                    (i, frame, node, units) => counts[(frame * names.Length) + node][i] = units);
            var together = Math.Max(1, context.BatchSize / (2 * directions));
            foreach (var taken in left.Chunk(GroupsAtOnce * together))
            {
                using var scope = Libtorch.NewDisposeScope();
                var corners = Corners(context, batch, taken, directions, frames);
                foreach (var group in Enumerable.Range(0, taken.Length).Chunk(together))
                {
                    for (var frame = 0; frame < frames; frame++)
                    {
                        using var inner = Libtorch.NewDisposeScope();
                        var all = Tensor.Cat([.. group.Select(i => corners[i][frame])], 0);
                        var cut = Cut(patterns, all, group.Length, context.BatchSize);
                        for (var node = 0; node < names.Length; node++)
                        {
                            foreach (var (at, i) in group.Index())
                            {
                                counts[(frame * names.Length) + node][taken[i]] = cut[node][at];
                            }
                        }
                    }
                }

                foreach (var corner in corners.SelectMany(each => each))
                {
                    corner.Dispose();
                }

                batch.Progress((double)(taken[^1] + 1) / batch.Count);
            }

            return counts;
        });
        var count = context.Data!.Count;
        double[][] samples =
        [
            .. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, frames)
                .Select(frame => Enumerable.Range(0, names.Length).Sum(node => columns[(frame * names.Length) + node][i])).ToArray()),
        ];
        var mean = names.Length == 0 ? SampledMean.Exact(new double[count]) : SampledMean.Estimated(samples, "");
        mean = mean with { Notes = Notes(directions, frames, context.Options.Seed) };
        return Blank.WithMean(mean) with
        {
            Details = [new("units", units), new("share", mean.Mean.Value / Math.Max(units, 1)), new("radius", Radius)],
            Layers =
            [
                .. names.Select((name, node) => new LayerValue(name, Uncertain.MeanOverExamples(
                    [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, frames)
                        .Select(frame => columns[(frame * names.Length) + node][i]).ToArray())]))),
            ],
        };
    }

    private ImmutableArray<string> Notes(int directions, int frames, int seed) =>
    [
        $"corners at a distance of {Radius} in {directions} random directions and their opposites (seed {seed})",
        "by layer: units of each activation or pooling that aren't on one piece",
        .. frames == 1
            ? ["one set of directions an example can't tell sampling noise from differences between examples: the standard error covers "
                + "both"]
            : (string[])[],
    ];

    private static (string[] Nodes, long Units) Units(ActivationPatterns patterns, MeasureContext context)
    {
        using var scope = Libtorch.NewDisposeScope();
        var pieces = patterns.PiecesByNode(context.Examples(0, 1)).ToArray();
        return (
            [.. pieces.Select(pair => pair.Node.Name.Length > 0 ? pair.Node.Name : pair.Node.Output)],
            pieces.Sum(pair => pair.Piece.Elements / pair.Piece.Size(0)));
    }

    // Those of several examples, on a thread each; an example has random numbers of its own, whatever it is batched with.
    private Tensor[][] Corners(MeasureContext context, ExampleBatch batch, int[] examples, int directions, int frames)
    {
        var found = new Tensor[examples.Length][];
        Workers.Run(examples.Length, Libtorch.Threads, context.Options.Cancellation, (i, _) =>
        {
            using var grad = Libtorch.NoGrad();
            found[i] = Array.ConvertAll(
                Corners(context, batch.Part(examples[i], 1), directions, frames), each => each.DetachFromDisposeScope());
        });
        return found;
    }

    // The corners of an example's neighbourhood, frame by frame.
    private Tensor[] Corners(MeasureContext context, ExampleBatch example, int directions, int frames)
    {
        var x = example.Inputs;
        return [.. Drawn(context, example, directions, frames).Select(frame =>
        {
            var v = frame.Directions().Reshape([directions, .. x.Shape[1..]]) * Radius;
            return Tensor.Cat([x + v, x - v], 0);
        })];
    }

    private static IEnumerable<OrthonormalFrame> Drawn(MeasureContext context, ExampleBatch example, int directions, int frames)
    {
        using var generator = context.Generator(example);
        for (var i = 0; i < frames; i++)
        {
            yield return OrthonormalFrame.Of(example.Inputs.Elements, directions, example.Inputs, generator);
        }
    }

    // By node and example, how many units differ among the corners.
    private static double[][] Cut(ActivationPatterns patterns, Tensor corners, int examples, int atOnce)
    {
        List<Tensor[]> parts = [];
        for (var start = 0L; start < corners.Size(0); start += atOnce)
        {
            var rows = Math.Min(atOnce, corners.Size(0) - start);
            parts.Add([.. patterns.PiecesByNode(corners.Narrow(0, start, rows)).Select(pair => pair.Piece.Narrow(0, 0, rows))]);
        }

        return [.. Enumerable.Range(0, parts[0].Length).Select(node =>
        {
            var piece = parts.Count == 1 ? parts[0][node] : Tensor.Cat([.. parts.Select(part => part[node])], 0);
            piece = piece.Reshape(examples, corners.Size(0) / examples, -1);
            var differs = piece.EqualTo(piece.Narrow(1, 0, 1)).Not().To(ScalarType.Float32).AMax([1]);
            return differs.To(ScalarType.Float64).Sum([1]).ToArray<double>();
        })];
    }
}
