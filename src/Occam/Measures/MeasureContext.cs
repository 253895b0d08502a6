using System.Collections.Concurrent;
using System.Collections.Immutable;
using Occam.Data;
using Occam.Derivatives;
using Occam.Networks;
using Occam.Networks.Inspection;
using Occam.Networks.Loading;
using Occam.Torch;

namespace Occam.Measures;

/// <summary>
/// What a measure works on, and what measures of one run share: the prepared network, batches of examples,
/// and quantities that several of them need.
/// </summary>
/// <remarks>
/// For one thread at a time. Threads that measure side by side have a context each, of one <see cref="Subject"/> if they like.
/// </remarks>
public sealed class MeasureContext
{
    private const long ActivationBudget = 192L << 20;

    // Of a tensor that is worth giving back at once, beside weights that count for memory themselves.
    private const int ReturnedBytes = 4 << 20;

    // The same for a batch's values.
    private const long ActivationBudgetOfLarge = 64L << 20;
    private const int LargestBatch = 512;
    private const string NoneBetween = "needs points between examples, and there the inputs that are held have no value";

    private readonly ConcurrentDictionary<object, object> _shared = new();
    private readonly ExampleReader? _reader;
    private long? _activations;

    /// <summary>Prepares measuring.</summary>
    /// <exception cref="OccamException">The network's parameters are not all finite, or the data don't fit its input.</exception>
    public MeasureContext(Subject subject, DataSet? data, MeasureOptions? options = null)
    {
        Subject = subject;
        data = subject.Position is { Index: { } index } position ? data?.AtPosition(index, $"{position}") : data;
        Data = data;
        Options = options ?? new MeasureOptions();
        if (Options.Batch < 1 || Options.Directions < 1)
        {
            var what = Options.Batch < 1 ? $"a batch of {Options.Batch} examples" : $"an estimate from {Options.Directions} directions";
            throw new OccamException($"{what} can't be: give at least 1");
        }

        if (subject.Original is { IsLarge: true })
        {
            Libtorch.ReturnMemoryFrom(ReturnedBytes);
        }

        CheckFinite(subject.Whole ?? subject.Original, "the network's");
        CheckFinite(subject.Initial, "at initialization the network's");
        if (subject.Initial is not null && subject.Original is not null)
        {
            // Two networks that don't fit each other are reported before any long computation begins.
            _ = WeightsFromInitialization;
        }

        if (data is not null)
        {
            _reader = new ExampleReader(subject, data);
            ExampleShape = subject.Before is null ? _reader.Shape : InnerShape();
            Outputs = CountOutputs();
        }
    }

    /// <summary>What is measured.</summary>
    public Subject Subject { get; }

    /// <summary>The examples, if there are any.</summary>
    public DataSet? Data { get; }

    /// <summary>How to measure.</summary>
    public MeasureOptions Options { get; }

    /// <summary>
    /// The logits. Where the network has other inputs (<see cref="HoldsInputs"/>) they are those of no example in particular, and the
    /// function can't be run: an <see cref="ExampleBatch"/> has it at its examples' own.
    /// </summary>
    public IFunction Function => Subject.Function;

    /// <summary>The names of the inputs that are held.</summary>
    public IEnumerable<string> HeldNames => Subject.Original?.Graph.Held.Select(held => held.Name) ?? [];

    /// <summary>Whether the network has inputs beside the one that the function is of, held at each example's own.</summary>
    public bool HoldsInputs => Subject.Original is { Graph.Held.IsEmpty: false };

    /// <summary>The same data and model as a function of the model's own inputs, and so of all its parameters.</summary>
    internal MeasureContext FromModelInputs => Subject.Whole is null ? this : Shared(
        default(ModelInputs), () => new MeasureContext(Subject.FromModelInputs(), Data, Options));

    /// <summary>The sizes of one example as the network takes it.</summary>
    public long[] ExampleShape { get; } = [];

    /// <summary>
    /// Batch × one example as the network takes it, from the data or, without any, from the network; null where neither tells.
    /// </summary>
    internal long[]? OneExample =>
        Subject.Folded is not { } network ? null
        : (Data is not null ? ExampleShape : ZeroExamples.Shape(network)) is { } shape ? [Subject.FixedBatch ?? 1, .. shape]
        : null;

    /// <summary>
    /// A network of the subject's inputs that runs on <see cref="OneExample"/>: at the first example's values of those that are held.
    /// </summary>
    internal Network AtOneExample(Network network) => !HoldsInputs ? network
        : Data is not null ? Batch([0]).Holding(network)!
        : ZeroExamples.Hold(network, OneExample![0]);

    /// <summary>The values of the inputs that are held, by name, at the first example; such as may be where there are no data.</summary>
    internal IReadOnlyDictionary<string, Tensor> HeldAtOneExample() =>
        Data is not null ? Batch([0]).Held : AtOneExample(Subject.Folded!).Held;

    /// <summary>The number of input dimensions, d.</summary>
    public long Inputs => ExampleShape.Aggregate(1L, (product, size) => product * size);

    /// <summary>The number of outputs, k.</summary>
    public long Outputs { get; }

    /// <summary>
    /// The sizes of one example's output: [k], or [T, V] for logits by position; [k] where a black box doesn't tell.
    /// </summary>
    public long[] OutputShape { get; private set; } = [];

    /// <summary>
    /// How many passes an exact Jacobian takes: as many as it has rows, or columns where they are fewer; or features, where a layer at
    /// the end makes more outputs of them.
    /// </summary>
    public long Passes => Jacobian.Passes;

    /// <summary>Whether exact Jacobians take more passes than are made without being asked.</summary>
    internal bool HasManyRows => Passes > MeasureOptions.MostExactRows;

    /// <summary>Whether an output has several sizes: positions and classes.</summary>
    public bool HasPositions => OutputShape.Count(size => size != 1) > 1;

    /// <summary>Examples computed at once.</summary>
    public int BatchSize =>
        field > 0 ? field : field = (int)Math.Min(Options.Batch ?? ChooseBatchSize(), Subject.FixedBatch ?? int.MaxValue);

    /// <summary>
    /// Examples at once where what is recorded of them serves many products: all of them, where their activations fit into the budget of a
    /// batch, however many they are; otherwise <see cref="BatchSize"/>.
    /// </summary>
    internal int RecordedBatchSize => Options.Batch is null && Subject.FixedBatch is null && Subject.Folded is not null
        && Data!.Count > BatchSize && Data.Count <= BatchWithin(ActivationBudget) ? Data.Count : BatchSize;

    /// <summary>The Jacobian of the logits with respect to the input.</summary>
    public InputJacobian Jacobian => Shared(() => new InputJacobian(Function, Inputs, Outputs));

    /// <summary>
    /// Tells which measures will be asked for, so that what several of them need is computed in one pass over the data.
    /// </summary>
    public void Plan(IEnumerable<Measure> measures) => Planned = [.. measures];

    /// <summary>The measures that will be asked for, as far as that was told.</summary>
    internal ImmutableArray<Measure> Planned { get; private set; } = [];

    /// <summary>The layers with weights of what is measured, batch normalization folded.</summary>
    internal WeightLayers WeightLayers => Subject.Weights ?? Shared(() => WeightLayers.Of(Subject.Folded!, Subject.Folding!.Left));

    /// <summary>W − W⁰ by layer, from the network at initialization.</summary>
    /// <exception cref="OccamException">The two networks don't have the same layers.</exception>
    internal ImmutableArray<WeightLayer> WeightsFromInitialization =>
        Shared(default(FromInitialization), () => Subject.InitialWeights is { } initial
            ? WeightLayers.Minus(initial)
            : WeightLayers.Minus(Subject.Initial!));

    /// <summary>The network in float64, batch normalization folded.</summary>
    internal Network FoldedInFloat64 => Shared(default(InFloat64), () => Subject.Folded!.To(ScalarType.Float64, Subject.Folded.Device));

    /// <summary>
    /// The examples in order, batch by batch, with each batch's first index. Tensors are freed as the enumeration goes on.
    /// </summary>
    /// <param name="share">This pass's part of the measure's work, for progress: it goes from <paramref name="done"/> to their sum.</param>
    /// <param name="done">The share of the measure's work done before this pass.</param>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public IEnumerable<ExampleBatch> Batches(double share = 1, double done = 0) => Batches(BatchSize, share, done);

    /// <inheritdoc cref="Batches(double, double)"/>
    public IEnumerable<ExampleBatch> Batches(int size, double share = 1, double done = 0)
    {
        var count = Data!.Count;
        foreach (var (start, taken) in ExamplePass.Parts(count, BatchSize, size))
        {
            Options.Cancellation.ThrowIfCancellationRequested();
            using (Libtorch.NewDisposeScope())
            {
                var (before, part) = (done + (share * start / count), share * taken / count);
                yield return Batch(start, taken, within => Options.Progress?.Invoke(before + (part * within)));
            }

            Options.Progress?.Invoke(done + (share * (start + taken) / count));
        }
    }

    /// <summary>
    /// What <see cref="Batches(int, double, double)"/> does for a single batch whose examples aren't needed again: a scope, with what
    /// receives the share of the work in it.
    /// </summary>
    internal IEnumerable<Action<double>> WithoutExamples(double share, double done)
    {
        Options.Cancellation.ThrowIfCancellationRequested();
        using (Libtorch.NewDisposeScope())
        {
            yield return Receiver(within => Options.Progress?.Invoke(done + (share * within)));
        }

        Options.Progress?.Invoke(done + share);
    }

    /// <summary>Examples of the given indices, with the function at their values of the network's other inputs.</summary>
    public ExampleBatch Batch(int[] indices) => Batch(indices, null);

    /// <summary>A value of a held input, its rows first, as the network takes it.</summary>
    internal Tensor InPlace(string input, Tensor rows) => _reader!.InPlace(input, rows);

    /// <summary>Which dimension of an input counts the examples; null where it is a single number for all.</summary>
    internal int? BatchAxis(string input) => _reader!.BatchAxis(input);

    /// <summary>Consecutive examples, with what receives the share of the work on them.</summary>
    internal ExampleBatch Batch(int start, int count, Action<double> progress) => Batch([.. Enumerable.Range(start, count)], progress);

    private ExampleBatch Batch(int[] indices, Action<double>? progress)
    {
        var (inputs, held) = _reader!.Read(indices);
        return new ExampleBatch(this, indices, inputs, held, Receiver(progress));
    }

    private Action<double> Receiver(Action<double>? progress) => within =>
    {
        Options.Cancellation.ThrowIfCancellationRequested();
        progress?.Invoke(within);
    };

    /// <summary>Consecutive examples as the network takes them.</summary>
    public Tensor Examples(int start, int count) => Examples([.. Enumerable.Range(start, count)]);

    /// <summary>Examples of the given indices as the network takes them.</summary>
    public Tensor Examples(int[] indices) => Batch(indices).Inputs;

    /// <summary>A quantity of a type of its own that several measures need, computed by the first that asks.</summary>
    public T Shared<T>(Func<T> compute)
        where T : class => Shared(default(TypeKey<T>), compute);

    /// <summary>A quantity that several measures need, computed by the first that asks with an equal key.</summary>
    /// <typeparam name="TKey">A type of the quantity's own, which holds all that it depends on beside this context.</typeparam>
    /// <typeparam name="T">The quantity's type.</typeparam>
    public T Shared<TKey, T>(TKey key, Func<T> compute)
        where TKey : struct, IEquatable<TKey>
        where T : notnull
    {
        if (!_shared.TryGetValue(key, out var value))
        {
            value = compute();
            _shared[key] = value;
        }

        return (T)value;
    }

    /// <summary>Why a measure can't be computed here, or null when it can.</summary>
    public string? WhyNot(Measure measure) => Subject.Weights is not null
        ? measure.IsOfWeightsAlone
            ? Missing(measure.Needs & ~MeasureNeeds.Graph)
            : "needs the network's function, and there are its weights alone: give its ONNX file, and these weights with --weights"
        : Missing(measure.Needs)
        ?? (ExampleShape.Length == 0 && (measure.Needs & (MeasureNeeds.Derivative | MeasureNeeds.Between)) != 0
            ? "needs examples of one number or more, and here the input's only dimension is the batch: give the network an input of N×1"
            : null)
        ?? (HoldsInputs && !measure.HoldsInputs
            ? $"{(measure.Needs.HasFlag(MeasureNeeds.Between) ? NoneBetween : measure.WhyNotHolding)} ({string.Join(", ", HeldNames)})"
            : null);

    /// <summary>Why a measure of these needs can't be computed here, or null when it can.</summary>
    public string? Missing(MeasureNeeds needs) => Requirements.Missing(this, needs);

    /// <summary>
    /// What cuts some of the ways from the input to the output, where others are left: a note for measures of the derivative.
    /// </summary>
    internal ImmutableArray<string> CutWays => Shared(default(CutWaysKey), () => DerivativePaths.Notes(Subject.Original));

    /// <summary>
    /// The same of the ways from the weights, and which parameters have no other: a note for measures of the derivative by them.
    /// </summary>
    internal ImmutableArray<string> CutWaysOfWeights => Shared(
        default(CutWaysOfWeightsKey), () => DerivativePaths.NotesByWeights(Subject.Whole ?? Subject.Original));

    /// <summary>
    /// Which node is the first that is neither affine nor piecewise affine in the data, and why; null for a piecewise-linear network.
    /// </summary>
    internal string? WhyNotPiecewiseLinear() => Subject.Folded is { } network ? network.WhyNotPiecewiseLinear()
        : "TorchScript is a black box: export to ONNX";

    /// <summary>The node at which a derivative at the first example ends in an error of libtorch's; null where none does.</summary>
    internal string? DerivativeFault()
    {
        if (Subject.Folded is not { } network || Data is null)
        {
            return null;
        }

        using var scope = Libtorch.NewDisposeScope();
        var one = Batch([0]);
        return Derivatives.DerivativeFault.Find(one.Holding(network)!, BatchPadding.To(Subject.FixedBatch, one.Inputs));
    }

    private static void CheckFinite(Network? network, string whose)
    {
        if (network is not null && NetworkChecks.NonFiniteParameters(network) is { Length: > 0 } broken)
        {
            throw new OccamException($"{whose} {(broken.Length == 1 ? "tensor" : "tensors")} '{string.Join("', '", broken.Take(5))}' "
                + $"{(broken.Length == 1 ? "holds" : "hold")} NaN or infinite values: nothing measured on it would mean anything");
        }
    }

    private long[] InnerShape()
    {
        using var scope = Libtorch.NewDisposeScope();
        return Batch([0]).Inputs.Shape[1..];
    }

    private long CountOutputs()
    {
        // What a network makes of two examples may be no more than it and they allow: a file of a hundred bytes could ask for all memory.
        var stored = Subject.Original?.Graph.StoredNumbers ?? (Function as ScriptFunction)?.Parameters.Sum(tensor => tensor.Elements) ?? 0;
        using var asked = LoadingScope.Begin(stored + (2 * Inputs), isTimed: false);
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();

        // Two, for one can't be told from an output that has no batch. Examples of zeros do, but for what looks them up or holds more.
        var plain = !HoldsInputs && Subject.Before is null && Subject.Original?.Graph.Input is null or { IsFloatingPoint: true };
        var count = HoldsInputs ? (int)Math.Min(Subject.FixedBatch ?? 2, 2) : 2;
        var examples = plain ? null : Batch(count == 1 ? [0] : [0, Data!.Count - 1]);
        var x = examples?.Inputs ?? Tensor.Zeros([2, .. ExampleShape], Function.Type, Function.Device);
        if ((examples?.Network ?? Subject.Folded) is { } positioned)
        {
            Subject.Position?.Check(positioned, HoldsInputs ? x : BatchPadding.To(Subject.FixedBatch, x));
        }

        var output = Subject.Folded is { } network && (Subject.FixedBatch is null || HoldsInputs)
            ? RunForSizes(examples?.Network ?? network, x)
            : (examples?.Function ?? Function).Forward(x);
        if (output.Dimensions == 0)
        {
            throw new OccamException("two examples in give a single number: the output's first dimension must be the batch");
        }

        OutputShape = output.Dimensions == 1 ? [1] : ShapeAtFixedBatch(x) ?? output.Shape[1..];
        if (plain && Subject.FixedBatch is null && Subject.Folded is { } whole
            && whole.Graph.Nodes.Any(node => node.OperatorType is "Shape" or "Size"
                || node.Inputs.Any(name => whole.Constant(name) is { } constant && MayBeTwoRows(constant)))
            && whole.Run(x.Narrow(0, 0, 1), [whole.Output])[whole.Output] is var one
            && one.Dimensions == output.Dimensions && one.Size(0) != 1)
        {
            // A constant of two rows, to which the examples are added, looks like two of them, and so does what has as many rows as they
            // have dimensions.
            throw new OccamException($"one example in gives {one.Size(0)} out: the output's first dimension must be the batch");
        }

        return output.Size(0) == count
            ? output.AsRows().Size(1)
            : throw new OccamException($"{(count == 2 ? "two examples" : "one example")} in give {output.Size(0)} out: the output's first "
                + "dimension must be the batch");
    }

    // Run as often as needed a network gives rows; the sizes of an example's output it tells by itself.
    private long[]? ShapeAtFixedBatch(Tensor x)
    {
        if (HoldsInputs || Subject is not { FixedBatch: { } batch, Folded: { } network })
        {
            return null;
        }

        var output = network.Run(BatchPadding.To(batch, x.Narrow(0, 0, 1)), [network.Output])[network.Output];
        return output.Dimensions > 1 && output.Size(0) == batch ? output.Shape[1..] : null;
    }

    // The output, and in passing how many numbers an example's values are, which a batch's size is chosen by.
    private Tensor RunForSizes(Network network, Tensor x)
    {
        // Counted as they are computed: kept, they would count for memory beside a large network.
        var varying = network.Graph.Varying;
        var numbers = x.Elements + network.Held.Where(held => varying.Contains(held.Key)).Sum(held => held.Value.Elements);
        var options = RunOptions.Evaluation with { Watch = (name, value) => numbers += varying.Contains(name) ? value.Elements : 0 };
        var output = network.Run(x, [network.Output], options)[network.Output];
        _activations = numbers / x.Size(0);
        return output;
    }

    // Or sizes that ask for them.
    private static bool MayBeTwoRows(Tensor constant) =>
        !constant.IsFloatingPoint || (constant.Dimensions > 0 && constant.Size(0) == 2);

    private int ChooseBatchSize()
    {
        return Subject.Folded is not { } network || Subject.FixedBatch is not null
            ? 64
            : (int)Math.Clamp(BatchWithin(network.IsLarge ? ActivationBudgetOfLarge : ActivationBudget), 1, LargestBatch);
    }

    // How many examples' activations fit into so many bytes.
    private long BatchWithin(long budget)
    {
        if (_activations is null)
        {
            using var scope = Libtorch.NewDisposeScope();
            using var grad = Libtorch.NoGrad();
            var one = Batch([0]);
            RunForSizes(one.Network!, one.Inputs);
        }

        var bytes = _activations!.Value * (Subject.Folded!.Type switch { ScalarType.Float64 => 8, ScalarType.BFloat16 => 2, _ => 4 });
        return budget / Math.Max(bytes, 1);
    }

    private readonly record struct CutWaysKey;

    private readonly record struct CutWaysOfWeightsKey;

    private readonly record struct ModelInputs;

    private readonly record struct TypeKey<T>;

    private readonly record struct FromInitialization;

    private readonly record struct InFloat64;
}
