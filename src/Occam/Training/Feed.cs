using Occam.Data;
using Occam.Networks;

namespace Occam.Training;

/// <summary>
/// The examples of each step in the order of training: drawn, noised and augmented, each from a stream of random
/// numbers of its own, so that turning one on leaves the others as they were.
/// </summary>
internal sealed class Feed
{
    private const long OrderStream = 1;
    private const long InputStream = 3;
    private const long AugmentationStream = 4;
    private const long FreshStream = 5;
    private const int KeptNumbers = 64 << 20;

    private readonly DataSet _data;
    private readonly TrainingSettings _settings;
    private readonly SeededRandom _orderRandom, _labelRandom, _inputRandom, _augmentationRandom, _freshRandom;
    private readonly float[]? _all;
    private readonly double[] _targets;
    private readonly double[] _batchTargets;
    private readonly float[] _batchInputs;
    private readonly float[] _scratch;
    private readonly int[] _order;
    private readonly int[] _chosen;
    private readonly int _size;
    private int _position;

    public Feed(DataSet data, TrainingSettings settings)
    {
        _data = data;
        _settings = settings;
        _size = data.ExampleSize;
        _orderRandom = new SeededRandom(settings.Seed, OrderStream);
        _labelRandom = LabelNoise.StreamOf(settings.Seed);
        _inputRandom = new SeededRandom(settings.Seed, InputStream);
        _augmentationRandom = new SeededRandom(settings.Seed, AugmentationStream);
        _freshRandom = new SeededRandom(settings.Seed, FreshStream);
        BatchSize = Math.Min(settings.BatchSize ?? data.Count, data.Count);
        StepsPerEpoch = settings.Replacement ? Math.Max(1, data.Count / BatchSize) : ((data.Count + BatchSize - 1) / BatchSize);
        _targets = settings.LearnedTargets(data);
        TargetSize = _targets.Length / data.Count;

        _order = [.. Enumerable.Range(0, data.Count)];
        _position = data.Count;
        _chosen = new int[BatchSize];
        _batchInputs = new float[checked(BatchSize * _size)];
        _batchTargets = new double[BatchSize * TargetSize];
        _scratch = settings.Augmentation is null ? [] : new float[_size];
        if ((long)data.Count * _size <= KeptNumbers)
        {
            _all = new float[data.Count * _size];
            data.CopyInputs(_order, _all);
        }
    }

    public int BatchSize { get; }

    /// <summary>With replacement, as many steps as draw as many examples as there are.</summary>
    public long StepsPerEpoch { get; }

    public int TargetSize { get; }

    /// <summary>The targets of all examples, with label noise that was drawn once.</summary>
    public ReadOnlySpan<double> Targets => _targets;

    /// <summary>The sizes of one example as a network takes it.</summary>
    public long[] ShapeFor(Network network) => InputShape.Fit(network.ExampleShape, _data);

    /// <summary>The examples of the next step.</summary>
    public Batch Next()
    {
        var count = Choose();
        var inputs = _batchInputs.AsSpan(0, count * _size);
        var chosen = _chosen.AsSpan(0, count);
        for (var i = 0; i < count; i++)
        {
            if (_all is not null)
            {
                _all.AsSpan(chosen[i] * _size, _size).CopyTo(inputs[(i * _size)..]);
            }

            _targets.AsSpan(chosen[i] * TargetSize, TargetSize).CopyTo(_batchTargets.AsSpan(i * TargetSize));
        }

        if (_all is null)
        {
            _data.CopyInputs(chosen, inputs);
        }

        Disturb(inputs, count);
        return new Batch(inputs, _batchTargets.AsSpan(0, count * TargetSize), count);
    }

    /// <summary>
    /// Examples drawn with replacement beside the order of training, for regularizers that want a batch of their own: with
    /// label noise that was drawn once, otherwise as they are.
    /// </summary>
    public (float[] Inputs, double[] Targets) Fresh(int count)
    {
        int[] chosen = [.. Enumerable.Range(0, count).Select(_ => _freshRandom.NextInt(_order.Length))];
        var inputs = new float[count * _size];
        var targets = new double[count * TargetSize];
        for (var i = 0; i < count; i++)
        {
            _all?.AsSpan(chosen[i] * _size, _size).CopyTo(inputs.AsSpan(i * _size));
            _targets.AsSpan(chosen[i] * TargetSize, TargetSize).CopyTo(targets.AsSpan(i * TargetSize));
        }

        if (_all is null)
        {
            _data.CopyInputs(chosen, inputs);
        }

        return (inputs, targets);
    }

    private int Choose()
    {
        if (_settings.Replacement)
        {
            for (var i = 0; i < BatchSize; i++)
            {
                _chosen[i] = _orderRandom.NextInt(_order.Length);
            }

            return BatchSize;
        }

        if (_position >= _order.Length)
        {
            // A whole batch of all examples needs no order, and then sums of one order are the same sums at every step.
            if (BatchSize < _order.Length)
            {
                _orderRandom.Shuffle(_order.AsSpan());
            }

            _position = 0;
        }

        var count = Math.Min(BatchSize, _order.Length - _position);
        _order.AsSpan(_position, count).CopyTo(_chosen);
        _position += count;
        return count;
    }

    private void Disturb(Span<float> inputs, int count)
    {
        if (_settings.LabelNoise is { Redrawn: true } noise)
        {
            for (var i = 0; i < count; i++)
            {
                _batchTargets[i] = noise.Draw(_batchTargets[i], _data.Classes, _labelRandom);
            }
        }

        if (_settings.Augmentation is { } augmentation)
        {
            var shape = _data.ExampleShape;
            for (var i = 0; i < count; i++)
            {
                augmentation.Apply(inputs.Slice(i * _size, _size), shape[0], shape[1], shape[2], _augmentationRandom, _scratch);
            }
        }

        if (_settings.InputNoise > 0)
        {
            for (var i = 0; i < inputs.Length; i++)
            {
                inputs[i] += (float)(_settings.InputNoise * _inputRandom.NextGaussian());
            }
        }
    }

    public void Save(StateArchive archive)
    {
        archive.Write("feed.order", _order);
        archive.Write("feed.position", [_position]);
        archive.Write(
            "feed.random",
            [.. _orderRandom.State, .. _labelRandom.State, .. _inputRandom.State, .. _augmentationRandom.State, .. _freshRandom.State]);
    }

    /// <summary>Goes back to what <see cref="Save"/> wrote after a step.</summary>
    /// <exception cref="OccamException">It was of other data, or can't be what was written after that step.</exception>
    public void Load(StateArchive archive, long step)
    {
        var order = archive.Read<int>("feed.order", _order.Length);
        if (!IsPermutation(order))
        {
            throw StateArchive.Refused("feed.order", "it is no order of the examples");
        }

        order.CopyTo(_order, 0);
        _position = archive.Read<int>("feed.position", 1)[0];
        if (_position != (_settings.Replacement || step % StepsPerEpoch == 0 ? _order.Length : step % StepsPerEpoch * BatchSize))
        {
            throw StateArchive.Refused("feed.position", $"{_position} is not where step {step} is in the {_order.Length} examples");
        }

        SeededRandom[] streams = [_orderRandom, _labelRandom, _inputRandom, _augmentationRandom, _freshRandom];
        var states = archive.Read<ulong>("feed.random", streams.Length * SeededRandom.StateSize);
        try
        {
            foreach (var (stream, state) in streams.Zip(states.Chunk(SeededRandom.StateSize)))
            {
                stream.State = state;
            }
        }
        catch (ArgumentException e)
        {
            throw StateArchive.Refused("feed.random", e.Message);
        }
    }

    private static bool IsPermutation(int[] order)
    {
        var seen = new bool[order.Length];
        foreach (var index in order)
        {
            if (index < 0 || index >= seen.Length || seen[index])
            {
                return false;
            }

            seen[index] = true;
        }

        return true;
    }
}
