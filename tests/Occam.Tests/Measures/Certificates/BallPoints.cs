using Occam.Networks;
using Occam.Tests.Networks.Operators;
using Occam.Torch;
using Xunit;

namespace Occam.Tests.Measures.Certificates;

/// <summary>Points of a ball, and what a network makes of them, against its enclosures.</summary>
internal static class BallPoints
{
    /// <summary>Points inside and on the edge: random ones, and corners or ends of axes.</summary>
    public static IEnumerable<Tensor> Of(Tensor centre, double radius, bool isEuclidean, int count)
    {
        for (var seed = 0; seed < count; seed++)
        {
            var direction = OneNode.Random(1000 + seed, centre.Shape);
            var size = seed % 3 == 0 ? 1.0 : (seed % 7) / 7.0;
            yield return isEuclidean
                ? centre + (direction * (radius * size / Math.Max(direction.Norm().Item(), 1e-30)))
                : centre + ((seed % 3 == 0 ? direction.Sign() : direction.Tanh()) * radius * size);
        }
    }

    /// <summary>The Jacobian at a point, by reverse passes: outputs × inputs.</summary>
    public static Tensor Jacobian(Network network, Tensor x)
    {
        using var grad = Libtorch.EnableGrad();
        var point = x.Detach().RequireGrad();
        var output = network.Run(point, [network.Output])[network.Output].Flatten();
        if (!output.RequiresGrad)
        {
            return Tensor.Zeros([output.Elements, x.Elements], ScalarType.Float64);
        }

        return Tensor.Stack(
            [.. Enumerable.Range(0, (int)output.Elements).Select(i =>
                Autograd.Grad([output.Select(0, i)], [point], retainGraph: true)[0]!.Flatten())], 0);
    }

    /// <summary>
    /// Whether what comes out at points of a ball, and the derivative there, is within what is said; null where nothing is.
    /// </summary>
    public static string? Check(Network network, Tensor centre, double radius, bool isEuclidean, string what, int count = 25)
    {
        var enclosures = new Enclosures(network, centre.Shape[1..]);
        EnclosureSpace space = new(centre.Elements, radius, isEuclidean, hasSlopes: true);
        var (found, why) = enclosures.Of(space, centre);
        if (found is not { } output)
        {
            return why;
        }

        var padded = space.Padded(output);
        var (norm, rows, sum) = (space.Derivative.Norm(padded), space.Derivative.Rows(padded), space.Derivative.LargestSum(padded));
        var (middle, radii) = space.Derivative.Bounds(padded);
        foreach (var x in Of(centre, radius, isEuclidean, count))
        {
            var value = network.Run(x, [network.Output])[network.Output];
            Assert.True((output.Low - value).Flatten().AMax([0]).Item() <= 0, $"{what}: a value lies below its interval");
            Assert.True((value - output.High).Flatten().AMax([0]).Item() <= 0, $"{what}: a value lies above its interval");
            var jacobian = Jacobian(network, x);
            var steepest = jacobian.SingularValues().AMax([0]).Item();
            Assert.True(steepest <= norm * (1 + 1e-12) + 1e-12, $"{what}: {steepest} is above {norm}");
            var sums = jacobian.Abs().Sum([1]) - rows.Sums.Flatten();
            Assert.True(jacobian.Abs().Sum([1]).AMax([0]).Item() <= sum + (1e-12 * (1 + sum)), $"{what}: a row's sum is above {sum}");
            Assert.True(((jacobian - middle).Abs() - radii).Flatten().AMax([0]).Item() <= 1e-12 * (1 + norm), $"{what}: a number is off");
            var lengths = jacobian.Norm([1]) - rows.Lengths.Flatten();
            Assert.True(Math.Max(sums.AMax([0]).Item(), lengths.AMax([0]).Item()) <= 1e-12 * (1 + norm), $"{what}: a row is too long");
        }

        return null;
    }
}
