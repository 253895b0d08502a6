using System.Collections.Immutable;
using Occam.Data;
using Occam.Networks;
using Occam.Networks.Inspection;
using Occam.Networks.Loading;
using Occam.Torch;

namespace Occam.Measures.Weights;

/// <summary>
/// Two files of weights against each other, such as a base model and what was tuned from it: tensors of the same name and sizes. Those of
/// at least two dimensions are compared as matrices; nothing is folded. In float64, exact but for the fits.
/// </summary>
/// <param name="PathOfA">The file with which is compared.</param>
/// <param name="PathOfB">The file that is judged.</param>
/// <param name="Changes">The matrices, in the order of their names.</param>
/// <param name="Norm">√Σ a² over all floating-point tensors compared, vectors too.</param>
/// <param name="Distance">√Σ (b − a)² over them.</param>
/// <param name="Compared">How many numbers these have.</param>
/// <param name="Unpaired">The names of the others, each with why it isn't compared.</param>
internal sealed record WeightComparison(
    string PathOfA, string PathOfB, ImmutableArray<WeightChange> Changes, double Norm, double Distance, long Compared,
    ImmutableArray<SkippedNode> Unpaired)
{
    private const int Samples = 100;

    // Apart from other streams of random numbers.
    private const long Stream = 0x64656c74;

    /// <summary>Compares two files, a tensor at a time.</summary>
    /// <param name="a">A safetensors file, or the index of several.</param>
    /// <param name="b">Another.</param>
    /// <param name="options">The seed, and what receives the progress.</param>
    /// <exception cref="OccamException">A file can't be read, holds a number that isn't finite, or no tensor is in both.</exception>
    public static WeightComparison Of(string a, string b, MeasureOptions options)
    {
        using var grad = Libtorch.NoGrad();
        var (first, second) = (SafetensorsFile.Open(a), SafetensorsFile.Open(b));
        var others = second.Tensors.ToDictionary(entry => entry.Name);
        SafetensorsEntry[] ordered = [.. first.Tensors.OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        SafetensorsEntry[] pairs =
        [
            .. ordered.Where(entry => entry.IsFloatingPoint && others.GetValueOrDefault(entry.Name) is { IsFloatingPoint: true } other
                && other.Shape.AsSpan().SequenceEqual(entry.Shape.AsSpan())),
        ];
        if (pairs.Length == 0)
        {
            throw new OccamException($"no tensor of {Message.Clean(a)} has the name and the sizes of one of {Message.Clean(b)}: they have "
                + $"'{ordered.FirstOrDefault()?.Name}' and '{second.Tensors.FirstOrDefault()?.Name}', say; give weights of "
                + "one architecture");
        }

        var changes = ImmutableArray.CreateBuilder<WeightChange>();
        var (norm, distance, done, all) = (0.0, 0.0, 0L, Math.Max(1, pairs.Sum(entry => entry.Elements)));
        foreach (var (i, entry) in pairs.Index())
        {
            options.Cancellation.ThrowIfCancellationRequested();
            using var scope = Libtorch.NewDisposeScope();
            var (own, other) = (Read(first, entry, a), Read(second, others[entry.Name], b));
            var update = other - own;
            norm += own.Square().Sum().Item();
            distance += update.Square().Sum().Item();
            if (entry.Shape.Length >= 2 && entry.Elements > 0)
            {
                ImmutableArray<double> Spectrum(Tensor tensor) => WeightSpectrum.Of(new WeightLayer(
                    new Node(entry.Name, "", "", [], [], Attributes.None), tensor.Reshape(entry.Shape[0], -1), entry.Name)).Eigenvalues;
                PowerLawFit Fit(ImmutableArray<double> spectrum, int which) =>
                    PowerLawFit.Of(entry.Name, spectrum, Samples, new SeededRandom(options.Seed, Stream + (2 * i) + which));
                var (spectrumOfA, spectrumOfB) = (Spectrum(own), Spectrum(other));
                changes.Add(new WeightChange(
                    entry.Name, entry.Shape, spectrumOfA, spectrumOfB, Spectrum(update), Fit(spectrumOfA, 0), Fit(spectrumOfB, 1)));
            }

            done += entry.Elements;
            options.Progress?.Invoke((double)done / all);
        }

        return new WeightComparison(
            a, b, changes.ToImmutable(), Math.Sqrt(norm), Math.Sqrt(distance), pairs.Sum(entry => entry.Elements),
            [.. Missing(ordered, others), .. second.Tensors.ExceptBy(ordered.Select(entry => entry.Name), entry => entry.Name)
                .OrderBy(entry => entry.Name, StringComparer.Ordinal).Select(entry => new SkippedNode(entry.Name, "is in B alone"))]);
    }

    private static IEnumerable<SkippedNode> Missing(SafetensorsEntry[] first, Dictionary<string, SafetensorsEntry> second)
    {
        foreach (var entry in first)
        {
            var other = second.GetValueOrDefault(entry.Name);
            if (other is null)
            {
                yield return new SkippedNode(entry.Name, "is in A alone");
            }
            else if (!other.Shape.AsSpan().SequenceEqual(entry.Shape.AsSpan()))
            {
                yield return new SkippedNode(
                    entry.Name, $"is {string.Join("×", entry.Shape)} in A and {string.Join("×", other.Shape)} in B");
            }
            else if (!(entry.IsFloatingPoint && other.IsFloatingPoint))
            {
                yield return new SkippedNode(entry.Name, "holds whole numbers");
            }
        }
    }

    private static Tensor Read(SafetensorsFile file, SafetensorsEntry entry, string path)
    {
        var tensor = file.Read(entry, entry.Type == "F64" ? ScalarType.Float64 : ScalarType.Float32).To(ScalarType.Float64);
        return double.IsFinite(tensor.Square().Sum().Item()) ? tensor
            : throw new OccamException($"{Message.Clean(path)}: '{entry.Name}' holds a number that isn't finite");
    }
}
