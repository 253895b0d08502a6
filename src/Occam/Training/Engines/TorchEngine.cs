using System.Numerics.Tensors;
using Occam.Derivatives;
using Occam.Networks;
using Occam.Torch;
using Tensor = Occam.Torch.Tensor;

namespace Occam.Training.Engines;

/// <summary>
/// Training by libtorch: any network, on any device. In mixed precision each step runs the network in bfloat16 on weights
/// that are rounded for it and recorded, so that their gradients come back in single precision.
/// </summary>
internal sealed class TorchEngine : IEngine
{
    private readonly Network _network;
    private readonly Network _training;
    private readonly Network _computing;
    private readonly TrainingSettings _settings;
    private readonly string[] _names;
    private readonly Tensor[] _parameters;
    private readonly Tensor[][] _slots;
    private readonly (string Name, string Next, Tensor Value, bool IsVariance)[] _statistics;
    private readonly Dictionary<string, Tensor> _given;
    private readonly string[] _wanted;
    private readonly Generator _generator;
    private readonly Generator _regularizing;
    private readonly RunOptions _options;
    private readonly IStepObserver? _observer;
    private readonly int[] _followed;
    private readonly double[] _norms;
    private readonly long[] _exampleShape;
    private readonly int _targetSize;
    private readonly bool _closedForm;
    private readonly Feed _feed;
    private readonly long _allSteps;
    private double[] _slopes = [];
    private double _firstLogit;
    private long _steps;

    public TorchEngine(Network network, TrainingSettings settings, Feed feed, IStepObserver? observer)
    {
        using var grad = Libtorch.NoGrad();
        _network = network;
        _settings = settings;
        _feed = feed;
        _allSteps = settings.Steps ?? (settings.Epochs ?? 0) * feed.StepsPerEpoch;
        _targetSize = feed.TargetSize;
        var trained = network.Parameters.Where(parameter => !settings.IsFrozen(parameter.Name)).ToArray();
        _names = [.. trained.Select(parameter => parameter.Name)];

        // Convolutions train faster with the channels side by side.
        _parameters = [.. trained.Select(
            parameter => Network.LaidOut(parameter.Value.Detach(), ScalarType.Float32).Clone().DetachFromDisposeScope().RequireGrad())];
        _slots = [.. _parameters.Select(parameter => Enumerable.Range(0, settings.Optimizer.Slots)
            .Select(_ => Tensor.ZerosLike(parameter).DetachFromDisposeScope())
            .ToArray())];
        (_training, _statistics) = WithStatistics(network);
        _computing = settings.MixedPrecision ? _training.To(ScalarType.BFloat16, network.Device) : _training;
        _wanted = [network.Output, .. _statistics.Select(statistic => statistic.Next)];
        _given = _names.Zip(_parameters)
            .Concat(_statistics.Select(statistic => (statistic.Name, statistic.Value)))
            .ToDictionary(pair => pair.Item1, pair => pair.Item2);
        _generator = new Generator(RandomStream.Seed(settings.Seed, RandomStream.Training), network.Device);
        _regularizing = new Generator(RandomStream.Seed(settings.Seed, RandomStream.Regularizing), network.Device);
        _options = new RunOptions { Training = true, Generator = _generator, DropoutAfterForward = settings.DropoutAfterForward };
        _exampleShape = feed.ShapeFor(network);
        Outputs = CountOutputs();
        _closedForm = settings.Optimizer.IsPlain
            && feed.BatchSize == 1
            && Outputs == 1
            && !settings.Regularizers.Any(regularizer => regularizer.Strength > 0);
        _observer = observer;
        _followed = [.. (observer?.Parameters ?? []).Select(name => Array.IndexOf(_names, name))];
        _norms = new double[_followed.Length];
        observer?.Begin(_closedForm, Numbers(_parameters[_followed[0]]));
    }

    public string Name => $"libtorch {Libtorch.Version} on {_network.Device}{(_settings.MixedPrecision ? " in mixed precision" : "")}";

    public int Outputs { get; }

    public StepOutcome Step(in Batch batch, double rate)
    {
        using var scope = Libtorch.NewDisposeScope();
        var active = _settings.Regularizers.Select(regularizer => (Regularizer: regularizer,
            Strength: regularizer.StrengthAt(_steps, _feed.StepsPerEpoch, _allSteps))).Where(pair => pair.Strength > 0).ToArray();
        var followsInput = _observer is not null && _closedForm;
        var x = Inputs(batch.Inputs, batch.Count);
        if (active.Length > 0 || followsInput)
        {
            x.RequireGrad();
        }

        var values = Run(_computing, x, _wanted, _options);
        var logits = values[_network.Output].AsRows().To(_network.Type);
        var (figures, cotangent) = Slope(logits, batch);
        var gradients = Gradients(active, x, logits, cotangent, followsInput ? [.. _parameters, x] : _parameters, batch);
        using var grad = Libtorch.NoGrad();
        var before = _closedForm ? [] : Array.ConvertAll(_followed, i => _parameters[i].Clone());
        var slope = _closedForm ? _slopes[0] : 1;

        _steps++;
        for (var i = 0; i < _parameters.Length; i++)
        {
            if (gradients[i] is { } gradient)
            {
                if (_closedForm)
                {
                    _parameters[i].AddInPlace(gradient, -rate * slope);
                }
                else
                {
                    _settings.Optimizer.Update(_parameters[i], gradient, _slots[i], rate, _steps);
                }
            }
        }

        foreach (var (_, next, value, _) in _statistics)
        {
            value.CopyInPlace(values[next]);
        }

        for (var l = 0; l < _followed.Length; l++)
        {
            _norms[l] = (_closedForm ? gradients[_followed[l]] : _parameters[_followed[l]] - before[l])?.Norm().Item() ?? 0;
        }

        _observer?.Take(
            _norms, Numbers(_parameters[_followed[0]]), followsInput ? gradients[^1]?.Norm().Item() ?? 0 : double.NaN, _firstLogit);

        return figures;
    }

    public void Forward(ReadOnlySpan<float> inputs, int count, Span<double> logits)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        Run(_training, Inputs(inputs, count), [_network.Output], RunOptions.Evaluation)[_network.Output]
            .AsRows()
            .To(ScalarType.Float64)
            .To(Device.Cpu)
            .Contiguous()
            .AsSpan<double>()
            .CopyTo(logits);
    }

    public Network Snapshot()
    {
        using var grad = Libtorch.NoGrad();
        return _network.WithInitializers(_names.Zip(_parameters).Concat(_statistics.Select(statistic => (statistic.Name, statistic.Value)))
            .Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2.Detach().Clone().DetachFromDisposeScope())));
    }

    public void Save(StateArchive archive)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        archive.Write("engine.steps", [_steps]);
        archive.Write("engine.random", _generator.GetState().ToArray<byte>());
        archive.Write("engine.regularizing", _regularizing.GetState().ToArray<byte>());
        foreach (var (name, tensor) in States())
        {
            var numbers = tensor.To(Device.Cpu).Contiguous();
            if (_network.Type == ScalarType.Float64)
            {
                archive.Write(name, numbers.ToArray<double>());
            }
            else
            {
                archive.Write(name, numbers.ToArray<float>());
            }
        }
    }

    public void Load(StateArchive archive)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        _steps = archive.Read<long>("engine.steps", 1)[0];
        GeneratorState.Load(archive, "engine.random", _generator);
        GeneratorState.Load(archive, "engine.regularizing", _regularizing);
        foreach (var (name, tensor) in States())
        {
            tensor.CopyInPlace(_network.Type == ScalarType.Float64
                ? Tensor.FromArray(archive.Read<double>(name, tensor.Elements), tensor.Shape)
                : Tensor.FromArray(archive.Read<float>(name, tensor.Elements), tensor.Shape));
        }

        if (_statistics.FirstOrDefault(one => one.IsVariance && archive.HasNegative($"weight.{one.Name}")) is { Name: { } negative })
        {
            throw StateArchive.Refused($"weight.{negative}", "a variance can't be negative");
        }

        _observer?.Restart(Numbers(_parameters[_followed[0]]));
    }

    public void Dispose()
    {
        foreach (var (_, tensor) in States())
        {
            tensor.Dispose();
        }

        if (_computing != _training)
        {
            foreach (var rounded in _computing.Graph.Initializers.Values.Where(tensor => tensor.IsFloatingPoint))
            {
                rounded.Dispose();
            }
        }

        _generator.Dispose();
        _regularizing.Dispose();
    }

    // Every number that a step changes.
    private IEnumerable<(string Name, Tensor Tensor)> States()
    {
        for (var i = 0; i < _names.Length; i++)
        {
            yield return ($"weight.{_names[i]}", _parameters[i]);
            for (var slot = 0; slot < _slots[i].Length; slot++)
            {
                yield return ($"optimizer{slot}.{_names[i]}", _slots[i][slot]);
            }
        }

        foreach (var (name, _, value, _) in _statistics)
        {
            yield return ($"weight.{name}", value);
        }
    }

    // The network of now. Where it computes in bfloat16, running statistics are given as they are: they would stand still.
    private IReadOnlyDictionary<string, Tensor> Run(Network network, Tensor x, string[] wanted, RunOptions options)
    {
        var input = _network.Graph.Input.Name;
        _given[input] = x;
        if (network.Type == _network.Type)
        {
            return network.Run(_given, wanted, options);
        }

        var rounded = new Dictionary<string, Tensor>(_given) { [input] = x.To(network.Type) };
        foreach (var (name, parameter) in _names.Zip(_parameters))
        {
            rounded[name] = parameter.To(network.Type);
        }

        return network.Run(rounded, wanted, options);
    }

    private Tensor?[] Gradients(
        (Regularizer, double)[] active, Tensor x, Tensor logits, Tensor cotangent, Tensor[] wanted, in Batch batch)
    {
        try
        {
            var penalties = active.Length == 0 ? null : Penalty(active, x, logits, batch);
            return penalties is null
                ? Autograd.Grad([logits], wanted, [cotangent])
                : Autograd.Grad([logits, penalties], wanted, [cotangent, Tensor.OnesLike(penalties)]);
        }
        catch (TorchException e) when (e is not TorchMemoryException)
        {
            var now = _training.WithInitializers(
                _given.Where(pair => _training.Graph.Initializers.ContainsKey(pair.Key))
                    .Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Detach())));
            var told = DerivativeFault.Find(
                now, x.Detach(), (node, inputs) => ExecutionPlan.RunNode(now, node, inputs, _options), _names.ToHashSet());
            throw new OccamException($"the gradient of step {_steps + 1} can't be taken: {PrintableText.Line(told ?? e.Message)}", e);
        }
    }

    private Tensor Penalty((Regularizer Regularizer, double Strength)[] active, Tensor x, Tensor logits, in Batch batch)
    {
        var count = batch.Count;
        var parameters = _names.Zip(_parameters).ToDictionary(pair => pair.First, pair => pair.Second);
        var context =
            new RegularizerContext(_training, parameters, x, Targets(batch.Targets, count), logits, _settings.Loss, _options, _regularizing)
            {
                Computing = _computing,
                Statistics = _statistics.ToDictionary(statistic => statistic.Name, statistic => statistic.Value),
                Fresh = () => _feed.Fresh(count) is var (inputs, targets) ? (Inputs(inputs, count), Targets(targets, count)) : default,
            };
        return active.Select(pair => pair.Regularizer.Value(context) * pair.Strength).Aggregate((sum, term) => sum + term);
    }

    // The mean loss' slope by the logits. In closed form it is 1, and the parameters' gradients are ∂z/∂θ.
    private (StepOutcome Figures, Tensor Cotangent) Slope(Tensor logits, in Batch batch)
    {
        var (k, count) = (Outputs, batch.Count);
        Tensor read;
        using (Libtorch.NoGrad())
        {
            read = logits.Detach().To(ScalarType.Float64).To(Device.Cpu).Contiguous();
        }

        // Read where they stand; what was made of them last has been used.
        var all = read.AsSpan<double>();
        _firstLogit = all[0];
        if (_slopes.Length != all.Length)
        {
            _slopes = new double[all.Length];
        }

        var (loss, epsilon, correct) = (0.0, 0.0, 0);
        for (var i = 0; i < batch.Count; i++)
        {
            var z = all.Slice(i * k, k);
            var target = batch.Targets.Slice(i * _targetSize, _targetSize);
            loss += _settings.Loss.Slope(z, target, _slopes.AsSpan(i * k, k), out var own);
            epsilon += own;
            correct += _settings.Loss.IsCorrect(z, target) ? 1 : 0;
        }

        var figures = new StepOutcome(loss / count, correct, epsilon / count);
        if (_closedForm)
        {
            return (figures, Tensor.OnesLike(logits));
        }

        TensorPrimitives.Divide(_slopes, count, _slopes);
        return (figures, Tensor.FromArray(_slopes, count, k).To(_network.Type).To(_network.Device));
    }

    private Tensor Inputs(ReadOnlySpan<float> inputs, int count) =>
        Tensor.FromArray(inputs.ToArray(), [count, .. _exampleShape]).To(_network.Type).To(_network.Device);

    private Tensor Targets(ReadOnlySpan<double> targets, int count) =>
        Tensor.FromArray(targets.ToArray(), count, _targetSize).To(_network.Type).To(_network.Device);

    private static float[] Numbers(Tensor tensor)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        return tensor.Detach().To(ScalarType.Float32).To(Device.Cpu).Contiguous().ToArray<float>();
    }

    private int CountOutputs()
    {
        using var scope = Libtorch.NewDisposeScope();
        return (int)_network.Forward(Tensor.Zeros([2, .. _exampleShape], _network.Type, _network.Device)).Size(1);
    }

    // The same network, whose nodes also give the next values of their running statistics.
    private static (Network Network, (string Name, string Next, Tensor Value, bool IsVariance)[] Statistics) WithStatistics(
        Network network)
    {
        var statistics = new List<(string, string, Tensor, bool)>();
        var nodes = network.Graph.Nodes.Select(node =>
        {
            var pairs = network.Operators[node].RunningStatistics
                .Where(pair => node.HasInput(pair.Input) && network.Graph.Initializers.ContainsKey(node.Inputs[pair.Input]))
                .ToArray();
            if (pairs.Length == 0)
            {
                return node;
            }

            string[] outputs =
                [.. node.Outputs, .. Enumerable.Repeat("", Math.Max(0, pairs.Max(pair => pair.Output) + 1 - node.Outputs.Length))];
            foreach (var (input, output, isVariance) in pairs)
            {
                var name = node.Inputs[input];
                outputs[output] = outputs[output].Length > 0 ? outputs[output] : $"{name} after the step";
                var value = network.Graph.Initializers[name];
                var staysPositive = isVariance && value.Elements > 0 && value.AMin([]).Item() >= 0;
                statistics.Add((name, outputs[output], value.Clone().DetachFromDisposeScope(), staysPositive));
            }

            return node with { Outputs = [.. outputs] };
        });
        var graph = network.Graph with { Nodes = [.. nodes] };
        return statistics.Count == 0 ? (network, []) : (network.WithGraph(graph), [.. statistics]);
    }
}
