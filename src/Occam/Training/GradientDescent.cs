using Occam.Networks;
using Occam.Torch;

namespace Occam.Training;

/// <summary>
/// Plain full-batch gradient descent, θ ← θ − h ∇_θ L: no momentum, no decay, no regularization. The network it starts
/// from is left alone.
/// </summary>
public sealed class GradientDescent : IDisposable
{
    private readonly Network _network;
    private readonly string[] _names;
    private readonly Tensor[] _parameters;
    private readonly Dictionary<string, Tensor> _given;
    private readonly double _learningRate;

    /// <summary>Starts from a network's parameters.</summary>
    /// <param name="network">The network.</param>
    /// <param name="learningRate">The step size h.</param>
    public GradientDescent(Network network, double learningRate)
    {
        _network = network;
        _learningRate = learningRate;
        _names = [.. network.Parameters.Select(parameter => parameter.Name)];
        _parameters = [.. network.Parameters.Select(parameter => parameter.Value.Clone().DetachFromDisposeScope().RequireGrad())];
        _given = _names.Zip(_parameters).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    /// <summary>How many steps were taken.</summary>
    public long Steps { get; private set; }

    /// <summary>The network with the parameters of now.</summary>
    public Network Network
    {
        get
        {
            using var grad = Libtorch.NoGrad();
            return _network.WithInitializers(_names.Zip(_parameters, (name, value) => KeyValuePair.Create(name, value.Detach().Clone().DetachFromDisposeScope())));
        }
    }

    /// <summary>Takes one step on the mean loss of a batch.</summary>
    /// <param name="x">The inputs.</param>
    /// <param name="loss">The loss of the outputs (batch × k): a scalar.</param>
    /// <returns>The loss before the step.</returns>
    public double Step(Tensor x, Func<Tensor, Tensor> loss)
    {
        using var scope = Libtorch.NewDisposeScope();
        _given[_network.Graph.Input.Name] = x;
        var L = loss(_network.Run(_given, [_network.Output])[_network.Output]);
        var gradients = Autograd.Grad([L], _parameters);
        using var grad = Libtorch.NoGrad();
        for (var i = 0; i < _parameters.Length; i++)
        {
            if (gradients[i] is { } gradient)
            {
                _parameters[i].AddInPlace(gradient, -_learningRate);
            }
        }

        Steps++;
        return L.Item();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var parameter in _parameters)
        {
            parameter.Dispose();
        }
    }
}
