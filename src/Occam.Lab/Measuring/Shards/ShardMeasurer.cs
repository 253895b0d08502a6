using Occam.Data;
using Occam.Measures;
using Occam.Measures.Weights;
using Occam.Torch;

namespace Occam.Lab.Measuring.Shards;

/// <summary>Measures shards of a data set, and makes of all of them what one run over all data would have said, bit for bit.</summary>
internal static class ShardMeasurer
{
    private const string MarginId = "margin";

    /// <summary>Measures a shard into a file; goes on where an interrupted run left one.</summary>
    /// <param name="path">The network's file.</param>
    /// <param name="data">All examples.</param>
    /// <param name="request">What to measure, and how.</param>
    /// <param name="place">Which shard.</param>
    /// <param name="file">The part's file.</param>
    /// <param name="arguments">The arguments of the command, but for the shard and where results go.</param>
    /// <param name="progress">Receives the progress.</param>
    /// <exception cref="OccamException">The network or the data are unusable, a measure can't be computed in shards, or the file is a part
    /// of something else.</exception>
    /// <exception cref="OperationCanceledException">The user interrupted; what was computed is kept.</exception>
    public static ShardPart Measure(
        string path, DataSet data, MeasuringRequest request, ShardPlace place, string file, IReadOnlyList<string> arguments,
        WorkProgress progress)
    {
        CheckMeasures(request);
        AtomicFile.Check(file);
        var subject = Measurer.Load(path, request);
        int batch;
        using (Libtorch.NewDisposeScope())
        {
            batch = new MeasureContext(subject.Subject, data, request.Options).BatchSize;
        }

        var (first, count) = place.Range(data.Count, batch);
        var header = new ShardHeader(
            ShardHeader.Version, IdentityOf(subject, data, request, place.Of, batch, arguments), place.Number, first, count, false,
            RunEnvironment.Current().Processor, Environment.CurrentDirectory);
        var values = new ShardValues(header, file);
        if (File.Exists(file) && GoOn(values, header, file) is { } done)
        {
            return done;
        }

        try
        {
            var context = new MeasureContext(subject.Subject, data.Range(first, count), request.Options with
            {
                Batch = batch,
                Values = values,
                Progress = progress.Report,
            });
            foreach (var measure in PassesOf(request))
            {
                progress.Begin(measure.Title);
                measure.Measurement(context);
            }

            return values.Save(complete: true);
        }
        catch (OperationCanceledException)
        {
            values.Save(complete: false);
            throw;
        }
    }

    /// <summary>Makes the whole of its parts.</summary>
    /// <param name="path">The network's file.</param>
    /// <param name="data">All examples.</param>
    /// <param name="request">What was measured, and how.</param>
    /// <param name="parts">The parts, as <see cref="Check"/> had them.</param>
    /// <param name="progress">Receives the progress.</param>
    /// <exception cref="OccamException">The network or the data aren't those of the parts.</exception>
    public static MeasuredNetwork Merge(
        string path, DataSet data, MeasuringRequest request, IReadOnlyList<ShardPart> parts, WorkProgress progress)
    {
        var identity = parts[0].Identity;
        var own = request with { Threads = identity.Threads };
        var subject = Measurer.Load(path, own);
        var here = IdentityOf(subject, data, own, identity.Shards, identity.Batch, identity.Arguments);
        if (identity.DifferenceFrom(here) is { } difference)
        {
            throw new OccamException($"the parts don't go with what is here: '{parts[0].FilePath}' is of {difference}");
        }

        var options = own.Options with { Batch = identity.Batch, Values = new MergedValues(parts) };
        return Measurer.Measure(subject, data, own with { Options = options }, progress);
    }

    /// <summary>Checks that parts are all of one measuring, each once, in the order of their numbers.</summary>
    /// <exception cref="OccamException">A part is missing, there twice, unfinished, or of something else.</exception>
    public static IReadOnlyList<ShardPart> Check(IEnumerable<ShardPart> parts)
    {
        ShardPart[] all = [.. parts.OrderBy(part => part.Number)];
        var first = all[0];
        foreach (var part in all)
        {
            if (part.Identity.DifferenceFrom(first.Identity) is { } difference)
            {
                throw new OccamException($"'{part.FilePath}' is no part of what '{first.FilePath}' is one of: it is of {difference}");
            }

            if (!part.IsComplete)
            {
                throw new OccamException($"'{part.FilePath}' is unfinished: run the command of shard {part.Number}/{part.Identity.Shards} "
                    + "again, which goes on where it was");
            }
        }

        if (all.Zip(all.Skip(1)).FirstOrDefault(pair => pair.First.Number == pair.Second.Number) is { First: { } one, Second: { } other })
        {
            throw new OccamException(
                $"'{one.FilePath}' and '{other.FilePath}' are both shard {one.Number}/{one.Identity.Shards}: give each once");
        }

        int[] missing = [.. Enumerable.Range(1, first.Identity.Shards).Except(all.Select(part => part.Number))];
        return missing.Length == 0 ? all
            : throw new OccamException($"{(missing.Length == 1 ? "shard" : "shards")} {string.Join(", ", missing.Take(8))}"
                + $"{(missing.Length > 8 ? ", …" : "")} of {first.Identity.Shards} {(missing.Length == 1 ? "is" : "are")} missing: "
                + "give all parts");
    }

    private static void CheckMeasures(MeasuringRequest request)
    {
        string[] joint = [.. request.Measures.Where(measure => !measure.IsByExample).Select(measure => measure.Name)];
        if (joint.Length > 0)
        {
            throw new OccamException($"{string.Join(", ", joint)} {(joint.Length == 1 ? "is" : "are")} of all examples together "
                + "and can't be computed in shards: leave out, and measure on all data, or on a random part of them (--limit)");
        }
    }

    // Of the weights nothing is computed in a shard, but the margins that weights are divided by.
    private static IEnumerable<Measure> PassesOf(MeasuringRequest request)
    {
        bool IsOfWeights(Measure measure) => measure is WeightMeasure || !measure.Needs.HasFlag(MeasureNeeds.Data);
        return request.Measures.Where(measure => !IsOfWeights(measure))
            .Concat(request.Measures.Any(IsOfWeights) ? [MeasureCatalogue.Find(MarginId)] : []).Distinct();
    }

    private static ShardPart? GoOn(ShardValues values, ShardHeader header, string file)
    {
        var left = ShardPart.Read(file);
        if (left.Identity.DifferenceFrom(header.Identity) is { } difference || left.Number != header.Shard)
        {
            throw new OccamException($"'{file}' is there already and is shard {left.Number}/{left.Identity.Shards} of something else: name "
                + "another file, or remove it");
        }

        values.GoOnFrom(left);
        return left.IsComplete ? left : null;
    }

    private static ShardIdentity IdentityOf(
        LoadedSubject subject, DataSet data, MeasuringRequest request, int shards, int batch, IReadOnlyList<string> arguments) => new(
        RunEnvironment.Version, Libtorch.Version, ShardDigests.OfNetwork(subject.Loaded, request), ShardDigests.OfData(data), data.Count,
        shards, batch, subject.Threads, arguments);
}
