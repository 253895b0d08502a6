using Occam.Networks;
using Occam.Torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Occam.Training.Engines;

/// <summary>
/// Training of small dense networks in managed memory, where what libtorch needs around each operation would be all of
/// the cost. A step allocates nothing. It does what <see cref="TorchEngine"/> does, up to rounding.
/// </summary>
internal sealed class DenseEngine : IEngine
{
    // Parameters × examples of a step up to which it was faster than libtorch, measured on networks of 1 to 3 hidden layers
    // of 32 to 500 units: libtorch's products of larger batches are better than these.
    private const long MostProducts = 2_000_000;
    private const long MostProductsOfManyExamples = 400_000;
    private const int ManyExamples = 16;

    private readonly Network _network;
    private readonly TrainingSettings _settings;
    private readonly DenseParameters _parameters;
    private readonly DenseValues _input, _output;
    private readonly DenseLayer[] _layers;
    private readonly DenseLayer[] _followed;
    private readonly IStepObserver? _observer;
    private readonly float[][] _before;
    private readonly double[] _norms;
    private readonly double[] _logits, _slopes;
    private readonly int _capacity, _targetSize, _lowest;
    private readonly bool _closedForm, _plain, _firstIsShift;
    private long _steps;

    private DenseEngine(Network network, IReadOnlyList<DenseStage> stages, TrainingSettings settings, Feed feed, IStepObserver? observer)
    {
        (_network, _settings, _capacity, _targetSize) = (network, settings, feed.BatchSize, feed.TargetSize);
        Outputs = stages[^1].Units;
        _plain = settings.Optimizer.IsPlain;
        _closedForm = _plain && feed.BatchSize == 1 && Outputs == 1;
        _parameters = new DenseParameters(stages, settings);
        _observer = observer;
        var followed = observer?.Parameters ?? [];
        var followsInput = _closedForm && observer is not null;

        // Where x + b comes first, whatever function follows, ∂f/∂x is ∂f/∂b.
        _firstIsShift = observer is not null && stages[0] is { Weight: null, Bias: { } shift } && shift.Name == followed[0];
        var passesToInput = followsInput && !_firstIsShift;
        _lowest = followsInput ? 0 : Enumerable.Range(0, stages.Count).First(l => Moves(stages[l]));
        _input = new DenseValues(stages[0].Inputs, _capacity, zerosAreIdle: !passesToInput);
        _layers = new DenseLayer[stages.Count];
        _output = _input;
        for (var l = 0; l < stages.Count; l++)
        {
            var above = new DenseValues(stages[l].Units, _capacity, stages[l].Function is { IsFlatAtZero: true });
            _layers[l] = new DenseLayer(stages[l], _parameters, _output, above, _capacity, passesBack: l > _lowest || passesToInput);
            _output = above;
        }

        _logits = new double[_capacity * Outputs];
        _slopes = new double[_capacity * Outputs];
        _followed = [.. followed.Select(name => _layers.Single(layer => layer.Bias?.Parameter.Name == name))];
        _before = [.. _followed.Select(layer => new float[layer.Bias!.Width])];
        _norms = new double[_followed.Length];
        observer?.Begin(_closedForm, Values(_followed[0]));
    }

    public string Name => "managed";

    public int Outputs { get; }

    /// <summary>
    /// The engine for a training; null for networks that aren't a chain of dense layers, for large ones, in mixed precision, and where more
    /// than the loss is minimized.
    /// </summary>
    public static DenseEngine? For(Network network, TrainingSettings settings, Feed feed, IStepObserver? observer)
    {
        if (!settings.ManagedKernel
            || settings.MixedPrecision
            || network.Type != ScalarType.Float32
            || network.Device != Device.Cpu
            || settings.Regularizers.Any(regularizer => regularizer.Strength > 0))
        {
            return null;
        }

        var most = feed.BatchSize > ManyExamples ? MostProductsOfManyExamples : MostProducts;
        return network.ParameterCount <= most / feed.BatchSize
            && DenseChain.Of(network, settings, feed.ShapeFor(network)) is { } stages
            && stages.Any(stage => Moves(stage, settings))
            ? new DenseEngine(network, stages, settings, feed, observer)
            : null;
    }

    public StepOutcome Step(in Batch batch, double rate)
    {
        var count = batch.Count;
        Run(batch.Inputs, count);
        var figures = Slope(batch);
        var scale = !_plain ? 1 : _closedForm ? -rate * _slopes[0] : -rate;
        if (!_closedForm)
        {
            KeepFollowed();
        }

        for (var l = _layers.Length - 1; l >= _lowest; l--)
        {
            _layers[l].Backward(count, (float)scale, _plain);
        }

        _steps++;
        if (!_plain)
        {
            _parameters.Update(_settings.Optimizer, rate, _steps);
        }

        TellObserver();
        return figures;
    }

    public void Forward(ReadOnlySpan<float> inputs, int count, Span<double> logits)
    {
        for (var start = 0; start < count; start += _capacity)
        {
            var taken = Math.Min(_capacity, count - start);
            Run(inputs.Slice(start * _input.Width, taken * _input.Width), taken);
            _logits.AsSpan(0, taken * Outputs).CopyTo(logits[(start * Outputs)..]);
        }
    }

    public Network Snapshot() => _network.WithInitializers(_parameters.Trained.Select(part =>
        KeyValuePair.Create(
            part.Parameter.Name, Tensor.FromArray(_parameters.Read(part), part.Parameter.Value.Shape).DetachFromDisposeScope())));

    public void Save(StateArchive archive)
    {
        archive.Write("engine.steps", [_steps]);
        _parameters.Save(archive);
    }

    public void Load(StateArchive archive)
    {
        _steps = archive.Read<long>("engine.steps", 1)[0];
        _parameters.Load(archive);
        _observer?.Restart(Values(_followed[0]));
    }

    public void Dispose()
    {
    }

    private bool Moves(DenseStage stage) => Moves(stage, _settings);

    private static bool Moves(DenseStage stage, TrainingSettings settings) =>
        (stage.Weight is { } weight && !settings.IsFrozen(weight.Name)) || (stage.Bias is { } bias && !settings.IsFrozen(bias.Name));

    private ReadOnlySpan<float> Values(DenseLayer layer) => _parameters.Values(layer.Bias!)[..layer.Bias!.Width];

    // The logits of a batch.
    private void Run(ReadOnlySpan<float> inputs, int count)
    {
        _input.Take(inputs, count);
        foreach (var layer in _layers)
        {
            layer.Forward(count);
        }

        for (var n = 0; n < count; n++)
        {
            var own = _output.Of(n);
            for (var j = 0; j < Outputs; j++)
            {
                _logits[(n * Outputs) + j] = own[j];
            }
        }
    }

    // The cotangents of the logits: the slope of the mean loss; in closed form 1, and the parameters' gradients are ∂z/∂θ.
    private StepOutcome Slope(in Batch batch)
    {
        var (count, k) = (batch.Count, Outputs);
        var (loss, epsilon, correct) = (0.0, 0.0, 0);
        for (var n = 0; n < count; n++)
        {
            var z = _logits.AsSpan(n * k, k);
            var slope = _slopes.AsSpan(n * k, k);
            var target = batch.Targets.Slice(n * _targetSize, _targetSize);
            loss += _settings.Loss.Slope(z, target, slope, out var own);
            epsilon += own;
            correct += _settings.Loss.IsCorrect(z, target) ? 1 : 0;
            var cotangents = _output.CotangentsOf(n);
            for (var j = 0; j < k; j++)
            {
                cotangents[j] = _closedForm ? 1 : (float)(slope[j] / count);
            }
        }

        return new StepOutcome(loss / count, correct, epsilon / count);
    }

    private void KeepFollowed()
    {
        for (var l = 0; l < _followed.Length; l++)
        {
            Values(_followed[l]).CopyTo(_before[l]);
        }
    }

    private void TellObserver()
    {
        if (_observer is null)
        {
            return;
        }

        for (var l = 0; l < _followed.Length; l++)
        {
            _norms[l] = _closedForm
                ? Math.Sqrt(_followed[l].SquaredSlope)
                : TensorPrimitives.Distance(Values(_followed[l]), _before[l]);
        }

        var inputNorm = !_closedForm ? double.NaN : _firstIsShift ? _norms[0] : TensorPrimitives.Norm<float>(_input.CotangentsOf(0));
        _observer.Take(_norms, Values(_followed[0]), inputNorm, _logits[0]);
    }
}
