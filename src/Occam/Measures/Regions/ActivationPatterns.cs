using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Occam.Derivatives;
using Occam.Networks;
using Occam.Torch;

namespace Occam.Measures.Regions;

/// <summary>
/// On which affine piece every activation, pooling and comparison of a network is, for each example: equal
/// patterns mean the same linear region.
/// </summary>
internal sealed class ActivationPatterns
{
    private readonly Network _network;
    private readonly long? _batch;
    private readonly ImmutableArray<Node> _kinked;

    private ActivationPatterns(Network network, long? batch)
    {
        _network = network;
        _batch = batch;
        _kinked = [.. network.ActiveNodes.Where(node => network.Operators[node].Linearity == Linearity.PiecewiseAffine)];
    }

    /// <summary>
    /// The patterns of a network, which takes no other number of examples than <paramref name="batch"/> where that is given.
    /// </summary>
    public static ActivationPatterns Of(Network network, long? batch = null) => new(network, batch);

    /// <summary>A digest (SHA-256) of the pattern of every example of the data, computed once a run.</summary>
    public static string[] OfData(MeasureContext context) => context.Shared(default(Digested), () =>
    {
        var patterns = Of(context.Subject.Folded!, context.Subject.FixedBatch);
        var digests = new string[context.Data!.Count];
        foreach (var (x, start) in context.Batches())
        {
            patterns.Digests(x).CopyTo(digests, start);
        }

        return digests;
    });

    /// <summary>How many piece choices one example's pattern is made of.</summary>
    public long CountUnits(Tensor x) => Pieces(x).Sum(piece => piece.Elements / (_batch ?? x.Size(0)));

    /// <summary>A digest of each example's pattern.</summary>
    public string[] Digests(Tensor x)
    {
        using var scope = Libtorch.NewDisposeScope();
        var count = (int)x.Size(0);
        return Digests(Pieces(x), count, (int)(_batch ?? count));
    }

    /// <summary>A digest of the first examples' pieces, where each tensor of pieces holds a batch of so many.</summary>
    public static string[] Digests(IEnumerable<Tensor> pieces, int count, int batch)
    {
        var hashes = new IncrementalHash[count];
        for (var i = 0; i < count; i++)
        {
            hashes[i] = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        }

        foreach (var piece in pieces)
        {
            using var scope = Libtorch.NewDisposeScope();
            var isSign = piece.ScalarType == ScalarType.Bool;
            var read = piece.Detach().To(Device.Cpu).To(isSign ? ScalarType.Bool : ScalarType.Int64).Contiguous();
            var length = (int)(read.Elements / batch);
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Libtorch.Threads }, i =>
            {
                if (!isSign)
                {
                    hashes[i].AppendData(MemoryMarshal.AsBytes(read.AsSpan<long>().Slice(i * length, length)));
                    return;
                }

                // Eight signs a byte: hashing takes the longest of all this.
                var bits = ArrayPool<byte>.Shared.Rent(PackedSigns.BytesOf(length));
                hashes[i].AppendData(PackedSigns.Of(MemoryMarshal.AsBytes(read.AsSpan<bool>().Slice(i * length, length)), bits));
                ArrayPool<byte>.Shared.Return(bits);
            });
        }

        return Array.ConvertAll(hashes, hash =>
        {
            using (hash)
            {
                return Convert.ToHexString(hash.GetHashAndReset());
            }
        });
    }

    /// <summary>The pieces of every node, batch first; of as many examples as a fixed batch has, the given ones first.</summary>
    public IEnumerable<(Node Node, Tensor Piece)> PiecesByNode(Tensor x)
    {
        using var grad = Libtorch.NoGrad();
        var inputs = _kinked.SelectMany(node => node.Inputs)
            .Where(name => name.Length > 0 && _network.Constant(name) is null)
            .Distinct()
            .ToArray();
        var values = inputs.Length > 0 ? _network.Run(BatchPadding.To(_batch, x), inputs) : new Dictionary<string, Tensor>();
        foreach (var node in _kinked)
        {
            if (_network.Operators[node].Pattern(_network.Call(node, values)) is { } pattern)
            {
                yield return (node, pattern);
            }
        }
    }

    private IEnumerable<Tensor> Pieces(Tensor x) => PiecesByNode(x).Select(pair => pair.Piece);

    private readonly record struct Digested;
}
