using System.Collections.Immutable;
using Occam.Data;
using Occam.Lab.Measuring;
using Occam.Measures;
using Occam.Networks;
using Occam.Networks.Loading;
using Occam.Torch;

namespace Occam.Lab.Inference;

/// <summary>Runs networks as they are on arrays: their outputs, a Jacobian, and measures by example.</summary>
public static class InferenceRunner
{
    /// <summary>The name of the Jacobian's array.</summary>
    public const string Jacobian = "jacobian";

    /// <summary>The array of labels, which measures want and networks don't.</summary>
    private const string Labels = "y";

    /// <summary>Does what a request asks for.</summary>
    /// <param name="request">The request.</param>
    /// <param name="progress">Receives the progress.</param>
    /// <exception cref="OccamException">The network or the data are unusable, or don't fit each other.</exception>
    /// <exception cref="OperationCanceledException">The user interrupted.</exception>
    public static InferenceResult Run(InferenceRequest request, WorkProgress progress)
    {
        var model = RunnableModel.Load(request.Network, request.Position, request.Outputs);
        model = model.To(request.Precision?.Type ?? model.Network.Type, Device.Parse(request.Device));
        var notes = ImmutableArray.CreateBuilder<string>();
        notes.AddRange(model.NodesInTraining.Select(TrainingMode.Note));
        if (request.Position is { } position)
        {
            notes.Add($"of '{model.Outputs[0].Name}' {position}");
        }

        var batches = Batches(model, Read(model, request, notes), request.Batch);
        var entries = ImmutableArray.CreateBuilder<InferenceResult.Entry>();
        entries.AddRange(Outputs(model, batches, request.Cancellation, progress));
        if (request.Jacobian)
        {
            entries.Add(JacobianOf(model, batches, request, notes, progress));
        }

        if (request.Measuring is { } measuring)
        {
            entries.AddRange(Measured(request.Network, measuring, notes, progress));
        }

        return new InferenceResult(entries.ToImmutable(), notes.ToImmutable());
    }

    private static ImmutableDictionary<string, NumberArray> Read(
        RunnableModel model, InferenceRequest request, ImmutableArray<string>.Builder notes)
    {
        if (request.Fixed.Keys.FirstOrDefault(name => model.Inputs.All(input => input.Name != name)) is { } unknown)
        {
            throw new OccamException($"the network has no input '{unknown}' to fix: it takes "
                + string.Join(", ", model.Inputs.Select(input => input.Name)));
        }

        var arrays = Arrays(model, request, notes);
        return arrays.AddRange(model.Inputs.Where(input => request.Fixed.ContainsKey(input.Name)).Select(input =>
            KeyValuePair.Create(input.Name, FixedArray.Of(input, request.Fixed[input.Name], model.Inputs, arrays))));
    }

    private static ImmutableDictionary<string, NumberArray> Arrays(
        RunnableModel model, InferenceRequest request, ImmutableArray<string>.Builder notes)
    {
        ValueInfo[] given = [.. model.Inputs.Where(input => !request.Fixed.ContainsKey(input.Name))];
        if (request.Data is not { } data)
        {
            return given.Length == 0
                ? []
                : throw new OccamException($"{model.Path} takes {string.Join(", ", given.Select(input => $"'{input.Name}'"))}: "
                    + "give --data, an .npz file with an array for each");
        }

        var names = NpzFile.Names(data);
        var chosen = model.Match(names, data, request.Fixed.Keys);
        if (names.Intersect(request.Fixed.Keys).ToArray() is { Length: > 0 } replaced)
        {
            notes.Add($"fixed, whatever the data hold: {string.Join(", ", replaced)}");
        }

        if (names.Except(chosen.Values).Except(request.Fixed.Keys).Where(name => name != Labels).ToArray() is { Length: > 0 } others)
        {
            notes.Add($"not taken by the model: {string.Join(", ", others)}");
        }

        var arrays = NpzFile.Read(data, [.. chosen.Values]);
        return chosen.ToImmutableDictionary(pair => pair.Key, pair => arrays[pair.Value]);
    }

    // All at once, or so many examples at a time, the first axis of every array counting them.
    private static ImmutableArray<ImmutableDictionary<string, NumberArray>> Batches(
        RunnableModel model, ImmutableDictionary<string, NumberArray> arrays, int? batch)
    {
        int?[] counts = [.. arrays.Values.Select(array => array.Shape.IsEmpty ? (int?)null : array.Shape[0]).Distinct()];
        if (batch is not { } most)
        {
            long?[] taken = [.. model.Inputs.Select(input => input.Batch).Distinct()];
            return counts is [{ } all] && taken is [{ } some] && all > some && some > 0 && all % some == 0
                ? throw new OccamException($"the arrays hold {Counted.Of(all, "example")}, and the model takes {some} at a time: give "
                    + $"--batch {some}")
                : [arrays];
        }

        return counts is [{ } count]
            ? [.. Enumerable.Range(0, Math.Max(1, (count + most - 1) / most)).Select(i => arrays.ToImmutableDictionary(
                pair => pair.Key, pair => pair.Value.Rows(i * most, Math.Min(most, count - (i * most)))))]
            : throw new OccamException("--batch takes examples by the first axis, which must be of one size in all arrays: here "
                + string.Join(", ", arrays.Select(pair => $"'{pair.Key}' is {pair.Value}")));
    }

    private static IEnumerable<InferenceResult.Entry> Outputs(
        RunnableModel model,
        ImmutableArray<ImmutableDictionary<string, NumberArray>> batches,
        CancellationToken cancellation,
        WorkProgress progress)
    {
        progress.Begin("outputs");
        var parts = new List<ImmutableDictionary<string, NumberArray>>();
        foreach (var batch in batches)
        {
            cancellation.ThrowIfCancellationRequested();
            parts.Add(model.Run(batch));
            progress.Report((double)parts.Count / batches.Length);
        }

        return model.Outputs.Select(output => new InferenceResult.Entry(
            output.Name, "output", Joined(output.Name, batches, [.. parts.Select(part => part[output.Name])])));
    }

    private static InferenceResult.Entry JacobianOf(
        RunnableModel model,
        ImmutableArray<ImmutableDictionary<string, NumberArray>> batches,
        InferenceRequest request,
        ImmutableArray<string>.Builder notes,
        WorkProgress progress)
    {
        progress.Begin("Jacobian");
        var of = model.Outputs[0].Name;
        var by = request.Input is { } input ? model.Find(input).Name : model.Differentiable
            ?? throw new OccamException($"{model.Path} has neither a floating-point input nor a word embedding that a Jacobian could be "
                + "by: --input chooses an inner value");
        var (missing, cut) = DerivativePaths.Between(model.Network, of, by);
        if (missing is not null)
        {
            throw new OccamException($"the Jacobian {missing}");
        }

        notes.AddRange(cut);
        var parts = new List<NumberArray>();
        var byExample = true;
        foreach (var batch in batches)
        {
            using var scope = Libtorch.NewDisposeScope();
            var recorded = OutputJacobian.Record(model.Network, model.Tensors(batch), by, of);
            byExample = recorded.IsByExample();
            if (!byExample && batches.Length > 1)
            {
                throw new OccamException($"--batch cuts the Jacobian of '{of}' by '{by}' apart, but their first axes don't count examples "
                    + "that are independent of each other: leave it out");
            }

            var before = parts.Count;
            parts.Add(recorded.Compute(byExample, share =>
            {
                request.Cancellation.ThrowIfCancellationRequested();
                progress.Report((before + share) / batches.Length);
            }));
        }

        var what = byExample ? " of each example" : ", whole: the first axis of both counts no independent examples";
        return new InferenceResult.Entry(Jacobian, $"∂{of}/∂{by}{what}", Joined(Jacobian, batches, parts));
    }

    private static NumberArray Joined(
        string name, ImmutableArray<ImmutableDictionary<string, NumberArray>> batches, IReadOnlyList<NumberArray> parts)
    {
        if (parts.Count == 1)
        {
            return parts[0];
        }

        var wrong = parts.Index().FirstOrDefault(part => part.Item.Shape.IsEmpty
            || part.Item.Shape[0] != batches[part.Index].Values.First().Shape[0]
            || !part.Item.Shape.Skip(1).SequenceEqual(parts[0].Shape.Skip(1))).Item;
        return wrong is null ? NumberArray.Join(parts)
            : throw new OccamException($"'{name}' is {wrong} of one batch, which doesn't go with the others: leave --batch out");
    }

    private static IEnumerable<InferenceResult.Entry> Measured(
        string network, MeasuringRequest request, ImmutableArray<string>.Builder notes, WorkProgress progress)
    {
        var measured = Measurer.Measure(network, Measurer.Open(request), request, progress);
        notes.AddRange(measured.Done);
        foreach (var result in measured.Results)
        {
            if (result.PerExample.IsEmpty)
            {
                notes.Add(result.NotApplicable is { } why ? $"{result.Name} {why}" : $"{result.Name} has no values by example");
                continue;
            }

            yield return InPlace(ByExample(result, measured.Data), measured.Data);
        }
    }

    // Examples that have no label which counts weren't measured; they keep their rows, without a value.
    private static InferenceResult.Entry InPlace(InferenceResult.Entry measured, DataSet data)
    {
        if (data is not AnsweredDataSet some || measured.Array.Shape[0] != data.Count)
        {
            return measured;
        }

        var values = measured.Array.ToArray<double>();
        var width = values.Length / data.Count;
        var all = new double[some.CountOfAll * width];
        Array.Fill(all, double.NaN);
        for (var i = 0; i < data.Count; i++)
        {
            Array.Copy(values, i * width, all, data.IndexInWhole(i) * width, width);
        }

        return new InferenceResult.Entry(
            measured.Name,
            $"{measured.What}, NaN where an example has no label that counts",
            new NumberArray(all, [some.CountOfAll, .. measured.Array.Shape.Skip(1)]));
    }

    // What has a value for each label that counts has a row for each example, like the labels.
    private static InferenceResult.Entry ByExample(MeasureResult result, DataSet data)
    {
        double[] values = [.. result.PerExample];
        if (values.Length == data.Count || data.PositionLabels is not { } labels
            || values.Length != labels.Length - labels.Count(label => label == DataSet.Ignored))
        {
            var by = values.Length == data.Count ? "example" : "answer";
            return new InferenceResult.Entry(result.Name, $"{result.ExampleTitle}, by {by}", new NumberArray(values, values.Length));
        }

        var next = 0;
        double[] placed = [.. labels.Select(label => label == DataSet.Ignored ? double.NaN : values[next++])];
        return new InferenceResult.Entry(
            result.Name,
            $"{result.ExampleTitle}, by example and position{(next < labels.Length ? ", NaN where the label doesn't count" : "")}",
            new NumberArray(placed, [data.Count, .. data.PositionShape]));
    }
}
