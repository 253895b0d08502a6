using Occam.Networks;
using Occam.Torch;

namespace Occam.Training.Regularizers;

/// <summary>The weights W_i among the parameters: those of two and more dimensions, as they are now.</summary>
internal static class WeightTensors
{
    /// <summary>Each weight that trains, with the node it enters first.</summary>
    public static IEnumerable<(Parameter Parameter, Tensor Value)> Of(RegularizerContext context) =>
        context.Network.Parameters
            .Where(parameter => parameter.Value.Dimensions > 1 && context.Parameters.ContainsKey(parameter.Name))
            .Select(parameter => (parameter, context.Parameters[parameter.Name]));

    /// <summary>The sum of scalars; a zero that depends on the parameters where there are none.</summary>
    public static Tensor Sum(RegularizerContext context, IEnumerable<Tensor> terms) =>
        terms.Aggregate((Tensor?)null, (sum, term) => sum is null ? term : sum + term) ?? context.Logits.Sum() * 0;
}
