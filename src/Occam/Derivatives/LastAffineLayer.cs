using Occam.Networks;
using Occam.Torch;

namespace Occam.Derivatives;

/// <summary>
/// The affine map that a network ends in, f = W φ + b, where it widens: W has more rows than columns, as in a network of many
/// classes. With W = Q R, the columns of Q orthonormal and R square, J_f = Q (R J_φ): R J_φ has all singular values of J_f, and is
/// computed in as many reverse passes as there are features, with R's rows as cotangents of φ.
/// <para>
/// Several affine layers at the end count as one, and where positions have logits of their own, W acts on each.
/// </para>
/// </summary>
internal sealed class LastAffineLayer
{
    // Numbers of a matrix from which R is found by rows: Q would be as large as it again, and in float64.
    private const long Large = 1L << 22;

    private readonly string _features;
    private readonly long _positions;
    private readonly Lazy<Tensor> _basis;

    private LastAffineLayer(string features, long positions, Tensor r, Func<Tensor> basis)
    {
        _features = features;
        _positions = positions;
        _basis = new Lazy<Tensor>(basis);
        Factor = r;
    }

    /// <summary>How many reverse passes give R J_φ.</summary>
    public long Passes => _positions * Factor.Size(0);

    /// <summary>R, features × features, in the network's precision.</summary>
    public Tensor Factor { get; }

    /// <summary>Q, classes × features, in float64.</summary>
    public Tensor Basis => _basis.Value;

    /// <summary>Whether J_f = Q (R J_φ) holds as it stands: there is one position.</summary>
    public bool IsWhole => _positions == 1;

    /// <summary>The layer of a network of so many outputs; null where it ends in no affine map that widens.</summary>
    public static LastAffineLayer? Of(Network network, long outputs)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        Tensor? weight = null;
        (string Value, Tensor Weight)? best = null;
        var value = network.Output;
        while (value != network.Graph.Input.Name && network.Graph.Producers.TryGetValue(value, out var node)
            && node.Inputs.Count(network.Graph.Varying.Contains) == 1)
        {
            var at = Enumerable.Range(0, node.Inputs.Length).First(i => network.Graph.Varying.Contains(node.Inputs[i]));
            var operation = network.Operators[node];
            if (at == 0 && operation.DenseWeight(node, network.Constant) is { } own)
            {
                // In float64, for what follows is the product's.
                weight = weight is null ? own
                    : own.Size(0) == weight.Size(1) ? weight.To(ScalarType.Float64).MatMul(own.To(ScalarType.Float64))
                    : null;
                if (weight is null)
                {
                    break;
                }

                if (weight.Size(1) < weight.Size(0) && (best is null || weight.Size(1) < best.Value.Weight.Size(1)))
                {
                    best = (node.Inputs[0], weight);
                }
            }
            else if (!(node.Inputs.Length == 2 && operation.IsBias(1 - at) && KeepsSize(network, node, 1 - at))
                && !(at == 0 && operation.KeepsNumbersInOrder(node)))
            {
                break;
            }

            value = node.Inputs[at];
        }

        if (best is not var (features, map) || outputs % map.Size(0) != 0)
        {
            return null;
        }

        var rows = map.Size(0);
        var isLarge = map.Elements > Large;
        var (q, r) = isLarge ? (null, Triangular(map)) : Factors(map);
        var kept = isLarge ? map.Alias().DetachFromDisposeScope() : null;
        q?.DetachFromDisposeScope();
        return new LastAffineLayer(
            features, outputs / rows, r.To(network.Type).To(network.Device).DetachFromDisposeScope(), () => q ?? Orthonormal(kept!));
    }

    /// <summary>φ of a batch, recorded as far as what is given is.</summary>
    /// <exception cref="OccamException">It hasn't the shape that the layer was made for.</exception>
    public Tensor Features(Network network, IReadOnlyDictionary<string, Tensor> given)
    {
        var features = network.Run(given, [_features])[_features];
        return features.Elements == features.Size(0) * Passes && features.Size(-1) == Factor.Size(0)
            ? features
            : throw new OccamException($"the value '{_features}' has {features.Elements / features.Size(0)} numbers an example: expected "
                + $"{Passes}, for the layer after it to give the outputs");
    }

    /// <summary>The cotangent of φ of one pass: a row of R at one position.</summary>
    public Tensor Cotangent(Tensor features, long pass)
    {
        var width = Factor.Size(0);
        var row = Factor.Select(0, pass % width);
        if (_positions == 1)
        {
            return row.Expand([features.Size(0), width]).Reshape(features.Shape);
        }

        var cotangent = Tensor.Zeros([features.Size(0), _positions, width], features.ScalarType, features.Device);
        var place = cotangent.Select(1, pass / width);
        place.AddInPlace(row.Expand(place.Shape));
        return cotangent.Reshape(features.Shape);
    }

    // With a diagonal that isn't negative R is the only one, in any precision.
    private static (Tensor Q, Tensor R) Factors(Tensor map)
    {
        var (q, r) = map.To(ScalarType.Float64).OrthogonalAndTriangular();
        var signs = (r.Diagonal().Sign() + 0.5).Sign();
        return (q * signs, r * signs.Unsqueeze(1));
    }

    private static Tensor Orthonormal(Tensor map)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.NoGrad();
        return Factors(map).Q.DetachFromDisposeScope();
    }

    // R of rows and the rows below them is that of the first ones' R and those rows (Golub and Van Loan, Matrix Computations, §6.5): as
    // many of them at a time as there are columns, or some more.
    private static Tensor Triangular(Tensor map)
    {
        var (rows, atOnce) = (map.Size(0), Math.Max(2 * map.Size(1), 1024));
        var found = Factors(map.Narrow(0, 0, Math.Min(atOnce, rows))).R;
        for (var start = Math.Min(atOnce, rows); start < rows; start += atOnce)
        {
            using var scope = Libtorch.NewDisposeScope();
            var next = map.Narrow(0, start, Math.Min(atOnce, rows - start)).To(ScalarType.Float64);
            var joined = Factors(Tensor.Cat([found, next], 0)).R;
            found.Dispose();
            found = joined.MoveToOuterDisposeScope();
        }

        return found;
    }

    // A bias that is broadcast over its own numbers, and doesn't make more of the data.
    private static bool KeepsSize(Network network, Node node, int bias) =>
        network.Constant(node.Inputs[bias]) is { } offset && offset.Shape.Count(size => size != 1) <= 1;
}
