using Occam.Networks;
using Occam.Torch;

namespace Occam.Training;

/// <summary>A regularizer on a batch, outside of a training: its bare value and its pull on the parameters.</summary>
/// <param name="Value">Its value, without the strength.</param>
/// <param name="Gradients">The value's gradient by parameter, as many as were given; null where it doesn't depend on one.</param>
public sealed record Penalty(double Value, IReadOnlyList<Tensor?> Gradients)
{
    /// <summary>‖∇_θ value‖, in float64.</summary>
    public double GradientNorm
    {
        get
        {
            using var scope = Libtorch.NewDisposeScope();
            using var grad = Libtorch.NoGrad();
            return Math.Sqrt(Gradients.OfType<Tensor>().Sum(gradient => gradient.To(ScalarType.Float64).Square().Sum().Item()));
        }
    }

    /// <summary>Computes a regularizer on a batch.</summary>
    /// <param name="regularizer">The regularizer.</param>
    /// <param name="network">The network with the parameters of now.</param>
    /// <param name="names">The parameters that train.</param>
    /// <param name="loss">The loss of the training.</param>
    /// <param name="inputs">Batch × example.</param>
    /// <param name="targets">Batch × 1 classes, or batch × k.</param>
    /// <param name="options">Training or evaluation mode.</param>
    /// <param name="generator">The regularizer's random numbers.</param>
    /// <param name="fresh">Draws another batch; this one again when left out.</param>
    public static Penalty Of(
        Regularizer regularizer,
        Network network,
        IEnumerable<string> names,
        Loss loss,
        Tensor inputs,
        Tensor targets,
        RunOptions options,
        Generator generator,
        Func<(Tensor, Tensor)>? fresh = null)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.EnableGrad();
        var stored = network.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value);
        var parameters = names.ToDictionary(name => name, name => stored[name].Detach().RequireGrad());
        var x = inputs.Detach().RequireGrad();
        var logits = network
            .Run(new Dictionary<string, Tensor>(parameters) { [network.Graph.Input.Name] = x }, [network.Output], options)[network.Output]
            .AsRows();
        var value = regularizer.Value(new RegularizerContext(
            network, parameters, x, targets, logits, loss, options, generator)
        { Fresh = fresh ?? (() => (inputs, targets)) });
        var gradients = value.RequiresGrad ? Autograd.Grad([value], [.. parameters.Values]) : new Tensor?[parameters.Count];
        return new Penalty(value.Detach().Item(), [.. gradients.Select(gradient => gradient?.MoveToOuterDisposeScope())]);
    }
}
