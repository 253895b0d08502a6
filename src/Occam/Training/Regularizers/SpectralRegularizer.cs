using Occam.Networks;
using Occam.Torch;

namespace Occam.Training.Regularizers;

/// <summary>
/// ½ Σ_i σ_max(W_i)² over the weights (Dherin et al. 2022, §4; Yoshida and Miyato 2017, eq. 4): of a convolution the weight
/// as a matrix of out × in·kh·kw, as published, or the true operator norm of its linear map at its input size, which
/// alone bounds a Lipschitz constant.
/// <para>
/// The singular vectors u, v are found anew at every step (in float64 from the Gram matrix, or by Lanczos iteration for
/// operators) and σ = uᵀWv is differentiated with u and v held, which is exact where σ is simple.
/// </para>
/// </summary>
/// <param name="Strength">λ.</param>
/// <param name="OperatorNorm">Whether the operators' norms are meant.</param>
public sealed record SpectralRegularizer(double Strength, bool OperatorNorm = false) : Regularizer("spectral", Strength)
{
    private const double SingleTolerance = 1e-5;
    private const double DoubleTolerance = 1e-12;

    /// <inheritdoc/>
    public override Tensor Value(RegularizerContext context)
    {
        Func<Parameter, Tensor, Tensor> norm = OperatorNorm ? OperatorNorms(context) : (_, weight) => MatrixNorm(weight.Flatten(1));
        return WeightTensors.Sum(context, WeightTensors.Of(context).Select(weight => norm(weight.Parameter, weight.Value).Square() * 0.5));
    }

    /// <summary>σ_max of a matrix, recorded.</summary>
    private static Tensor MatrixNorm(Tensor weight)
    {
        Tensor left, right;
        using (Libtorch.NoGrad())
        {
            var exact = weight.Detach().To(ScalarType.Float64);
            var tall = exact.Size(0) > exact.Size(1);
            var gram = tall ? exact.T().MatMul(exact) : exact.MatMul(exact.T());
            var vectors = gram.EigenSymmetric()[1];
            var one = vectors.Select(1, vectors.Size(1) - 1);
            var image = tall ? exact.MatMul(one) : exact.T().MatMul(one);
            var other = image / image.Norm().Clamp(double.Epsilon, null);
            (left, right) = tall ? (other, one) : (one, other);
            (left, right) = (left.To(weight.ScalarType), right.To(weight.ScalarType));
        }

        return (left * weight.MatMul(right)).Sum();
    }

    /// <summary>σ_max of the linear map of a weight's node at its input size, recorded.</summary>
    private static Func<Parameter, Tensor, Tensor> OperatorNorms(RegularizerContext context)
    {
        var network = context.Network;
        IReadOnlyDictionary<string, Tensor> values;
        using (Libtorch.NoGrad())
        {
            long[] shape = [1, .. context.Inputs.Shape[1..]];
            values = network.Run(Tensor.Zeros(shape, network.Type, network.Device), [.. network.Graph.Varying]);
        }

        return (parameter, weight) =>
        {
            var varying = Array.FindIndex([.. parameter.Node.Inputs], network.Graph.Varying.Contains);
            if (varying < 0)
            {
                throw new OccamException($"'spectral' can't tell the operator norm of '{parameter.Name}', which enters "
                    + $"{parameter.Node} before the data do: ask for matrices, with operator-norm off");
            }

            var call = network.Call(parameter.Node, new Dictionary<string, Tensor>(values)
            {
                [network.Graph.Input.Name] = Tensor.Zeros([1, .. context.Inputs.Shape[1..]], network.Type, network.Device),
            });
            Tensor Map(Tensor x, Tensor W)
            {
                var inputs = call.Inputs.Select((input, i) => i == varying ? x
                    : i == parameter.Input ? W
                    : network.Operators[parameter.Node].IsBias(i) ? null
                    : input).ToArray();
                return network.Operators[parameter.Node].Run(network.Call(parameter.Node, inputs, RunOptions.Evaluation))[0];
            }

            var held = weight.Detach();
            var tolerance = weight.ScalarType == ScalarType.Float64 ? DoubleTolerance : SingleTolerance;
            var right = Networks.OperatorNorm.VectorOf(x => Map(x, held), call.Inputs[varying]!.Shape, weight.ScalarType, tolerance);
            var image = Map(right, weight);
            Tensor left;
            using (Libtorch.NoGrad())
            {
                var length = image.Detach();
                left = length / length.Norm().Clamp(double.Epsilon, null);
            }

            return (left * image).Sum();
        };
    }
}
