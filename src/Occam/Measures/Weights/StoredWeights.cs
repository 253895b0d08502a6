using System.Collections.Immutable;
using Occam.Data;
using Occam.Networks;
using Occam.Networks.Inspection;
using Occam.Networks.Loading;
using Occam.Torch;

namespace Occam.Measures.Weights;

/// <summary>
/// What can be said of weights without the graph that they belong to: norms that need neither order nor data, of every tensor of at
/// least two dimensions as a matrix. Which of them are layers, and where batch normalization stands, no such file says: an embedding's
/// table counts as any other, and nothing is folded. In float64.
/// </summary>
/// <param name="Path">The file.</param>
/// <param name="Numbers">How many numbers all of its tensors hold.</param>
/// <param name="Matrices">The matrices, by name.</param>
/// <param name="Others">The names of the other floating-point tensors, of fewer dimensions, and of those of whole numbers.</param>
public sealed record StoredWeights(string Path, long Numbers, ImmutableArray<StoredMatrix> Matrices, ImmutableArray<string> Others)
{
    /// <summary>Σ ‖W‖_F² over the matrices, the quantity of <see cref="ParameterNorm"/> where all of them are layers.</summary>
    public double FrobeniusSum => Matrices.Sum(matrix => matrix.FrobeniusSquared);

    /// <summary>ln Π ‖W‖_F² over the matrices, the quantity of <see cref="LogProdOfFro"/> where all of them are layers.</summary>
    public double LogFrobeniusProduct => Matrices.Sum(matrix => Math.Log(matrix.FrobeniusSquared));

    /// <summary>ln Π σ_max² over the matrices, the quantity of <see cref="LogProdOfSpec"/> where all of them are layers.</summary>
    public double LogSpectralProduct => Matrices.Sum(matrix => 2 * Math.Log(matrix.Spectral));

    /// <summary>Σ ‖W‖_F²/σ_max² over the matrices, the quantity of <see cref="FrobeniusOverSpectral"/> where all are layers.</summary>
    public double StableRankSum => Matrices.Sum(matrix => matrix.StableRank);

    /// <summary>Whether a file is one of weights alone, safetensors.</summary>
    public static bool IsOne(string path) => SafetensorsFile.IsOne(path);

    /// <summary>Reads a file, a tensor at a time.</summary>
    /// <param name="path">A safetensors file.</param>
    /// <param name="progress">Receives the share of the numbers that is done, 0 to 1.</param>
    /// <param name="cancellation">Stops between two tensors.</param>
    /// <exception cref="OccamException">The file can't be read, or holds a number that isn't finite.</exception>
    public static StoredWeights Read(string path, Action<double>? progress = null, CancellationToken cancellation = default)
    {
        var file = SafetensorsFile.Open(path);
        var matrices = ImmutableArray.CreateBuilder<StoredMatrix>();
        var others = ImmutableArray.CreateBuilder<string>();
        var done = 0.0;
        foreach (var entry in file.Tensors.OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            if (IsMatrix(entry))
            {
                matrices.Add(Of(file, entry, path));
            }
            else
            {
                others.Add(entry.Name);
            }

            done += entry.Elements;
            progress?.Invoke(done / Math.Max(1, file.Elements));
        }

        return new StoredWeights(path, file.Elements, matrices.ToImmutable(), others.ToImmutable());
    }

    /// <summary>The measures that weights alone have.</summary>
    public static ImmutableArray<Measure> Measures { get; } = [.. MeasureCatalogue.All.Values.Where(measure => measure.IsOfWeightsAlone)];

    /// <summary>
    /// Measures weights, each of the matrices a layer: those of the network's file have the same values where all of them are layers, and
    /// no batch normalization folds into them.
    /// </summary>
    /// <param name="path">A safetensors file, or the index of several.</param>
    /// <param name="initial">The weights as they were before training, for measures that start from there; null where they aren't known.
    /// </param>
    /// <param name="measures">What to measure.</param>
    /// <param name="options">How.</param>
    /// <exception cref="OccamException">A file can't be read, or holds a number that isn't finite.</exception>
    public static ImmutableArray<MeasureResult> Measure(
        string path, string? initial, IEnumerable<Measure> measures, MeasureOptions options)
    {
        using var scope = Libtorch.NewDisposeScope();
        var context = new MeasureContext(Subject.Of(Layers(path), initial is null ? null : Layers(initial)), null, options);
        return [.. measures.Select(measure => measure.Measurement(context))];
    }

    private static WeightLayers Layers(string path)
    {
        var file = SafetensorsFile.Open(path);
        return WeightLayers.Of(file.Tensors.Where(IsMatrix).OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .Select(entry => LayerOf(file, entry, path)));
    }

    private static bool IsMatrix(SafetensorsEntry entry) => entry.IsFloatingPoint && entry.Shape.Length >= 2 && entry.Elements > 0;

    private static WeightLayer LayerOf(SafetensorsFile file, SafetensorsEntry entry, string path)
    {
        var tensor = file.Read(entry, entry.Type == "F64" ? ScalarType.Float64 : ScalarType.Float32);
        var matrix = tensor.Reshape(entry.Shape[0], entry.Elements / entry.Shape[0]);
        var layer = new WeightLayer(new Node(entry.Name, "", "", [], [], Attributes.None), matrix, entry.Name);
        return double.IsFinite(layer.FrobeniusSquared) ? layer
            : throw new OccamException($"{Message.Clean(path)}: '{entry.Name}' holds a number that isn't finite");
    }

    private static StoredMatrix Of(SafetensorsFile file, SafetensorsEntry entry, string path)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        var layer = LayerOf(file, entry, path);
        return new StoredMatrix(entry.Name, entry.Type, entry.Shape, layer.FrobeniusSquared, layer.Spectral);
    }
}
