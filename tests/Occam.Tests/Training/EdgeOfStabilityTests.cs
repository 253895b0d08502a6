using Occam.Data;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Occam.Training.Probes;
using Xunit;
using static Occam.Tests.Measures.Measuring;

namespace Occam.Tests.Training;

public sealed class EdgeOfStabilityTests
{
    /// <summary>Steps on aθ²/2, preconditioned by 1.</summary>
    public static TheoryData<string, double> Steps => new()
    {
        { "plain", 0.1 }, { "momentum", 0.1 }, { "nesterov", 0.1 }, { "adam", 0.01 }, { "adamw", 0.01 }, { "decaying adamw", 0.01 },
    };

    [Theory]
    [MemberData(nameof(Steps))]
    public void Below_the_threshold_steps_on_a_quadratic_shrink_and_above_it_they_grow(string name, double rate)
    {
        Optimizer optimizer = name switch
        {
            "plain" => new Sgd(rate),
            "momentum" => new Sgd(rate, Momentum: 0.9),
            "nesterov" => new Sgd(rate, Momentum: 0.9, Nesterov: true),
            "adam" => new Adam(rate, Beta1: 0.8),
            "adamw" => new AdamW(rate, WeightDecay: 0),
            _ => new AdamW(rate, WeightDecay: 5),
        };
        var threshold = optimizer.StableSharpness(rate);

        // θ after many steps of the rule in float64, written down anew.
        double After(double a)
        {
            var (theta, m) = (1.0, 0.0);
            for (var i = 0; i < 20000 && Math.Abs(theta) < 1e6; i++)
            {
                var g = a * theta;
                switch (optimizer)
                {
                    case Sgd sgd:
                        m = (sgd.Momentum * m) + g;
                        theta -= rate * (sgd.Nesterov ? g + (sgd.Momentum * m) : m);
                        break;
                    case Adam adam:
                        m = (adam.Beta1 * m) + ((1 - adam.Beta1) * g);
                        theta -= rate * m;
                        break;
                    case AdamW adamW:
                        theta *= 1 - (rate * adamW.WeightDecay);
                        m = (adamW.Beta1 * m) + ((1 - adamW.Beta1) * g);
                        theta -= rate * m;
                        break;
                }
            }

            return Math.Abs(theta) + Math.Abs(m);
        }

        Assert.True(After(0.98 * threshold) < 1e-2);
        Assert.True(After(1.02 * threshold) > 1e2);
    }

    [Fact]
    public void A_step_of_Adam_is_its_first_moment_over_the_preconditioner()
    {
        using var scope = Libtorch.NewDisposeScope();
        using Generator generator = new(1);
        var theta = Tensor.Randn([5], generator, ScalarType.Float64);
        Tensor[] slots = [Tensor.Zeros([5], ScalarType.Float64), Tensor.Zeros([5], ScalarType.Float64)];
        Adam adam = new(0.1);
        for (var step = 1; step <= 3; step++)
        {
            var before = theta.Clone();
            adam.Update(theta, Tensor.Randn([5], generator, ScalarType.Float64), slots, 0.1, step);
            var expected = slots[0] / adam.Preconditioner(slots, step)! * 0.1;
            Assert.True((before - theta - expected).Norm().Item() < 1e-12);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_a_linear_model_it_is_the_eigenvalue_of_its_design(bool managed)
    {
        var (network, data) = Linear();
        var settings = Settings(new Sgd(0.05, Momentum: 0.5, WeightDecay: 0.3)) with { ManagedKernel = managed };
        using var trainer = new Trainer(network, data, settings, [new EdgeOfStability(data, Cadence.EverySteps(1))]);
        trainer.Run(TestContext.Current.CancellationToken);

        // The mean squared error of wᵀx + b has the Hessian 2/n Σ (x, 1)(x, 1)ᵀ, to which the decay is added.
        var expected = Eigenvalues(Design(data)).Max() + 0.3;
        var threshold = 3 / 0.05;
        AssertAt(trainer, 0, "edge-of-stability.sharpness", expected);
        AssertAt(trainer, 2, "edge-of-stability.sharpness", expected);
        AssertAt(trainer, 2, "edge-of-stability.threshold", threshold);
        AssertAt(trainer, 2, "edge-of-stability", expected / threshold);
    }

    [Fact]
    public void Of_Adam_it_is_of_the_preconditioned_Hessian()
    {
        var (network, data) = Linear();
        using var trainer = new Trainer(
            network, data, Settings(new Adam(0.05)), [new EdgeOfStability(data, Cadence.EverySteps(1))]);
        trainer.Run(TestContext.Current.CancellationToken);
        var state = trainer.Save();
        double[] P =
        [
            .. trainer.Snapshot().Parameters.SelectMany(parameter => state.Read<float>($"optimizer1.{parameter.Name}"))
                .Select(v => (1 - Math.Pow(0.9, 2)) * (Math.Sqrt(v / (1 - Math.Pow(0.999, 2))) + 1e-8)),
        ];
        var H = Design(data);
        for (var i = 0; i < P.Length; i++)
        {
            for (var j = 0; j < P.Length; j++)
            {
                H[i, j] /= Math.Sqrt(P[i] * P[j]);
            }
        }

        AssertAt(trainer, 2, "edge-of-stability.sharpness", Eigenvalues(H).Max());
        AssertAt(trainer, 2, "edge-of-stability.threshold", 38 / 0.05);
        Assert.DoesNotContain(trainer.Metrics, metric => metric.Step == 0 && metric.Name.StartsWith("edge", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.1, 0)]
    [InlineData(0.2, 0)]
    [InlineData(0.15, 0.5)]
    public void Descent_on_all_data_sharpens_or_flattens_until_it_is_at_the_edge(double rate, double momentum)
    {
        // Cohen et al. 2021: the sharpness rises until it hovers at 2/h, or (2 + 2μ)/h, and the loss falls on.
        using Generator generator = new(3);
        var network = Mlp.Build([2, 30, 30, 1], "tanh", InitializationScheme.He, generator);
        var data = TrainingData.Waves(40, 2, 1);
        var settings = Settings(new Sgd(rate, momentum)) with { Steps = 2000 };
        using var trainer = new Trainer(network, data, settings, [new EdgeOfStability(data, Cadence.EverySteps(200))]);
        trainer.Run(TestContext.Current.CancellationToken);
        double[] seen = [.. trainer.Metrics.Where(metric => metric.Name == "edge-of-stability").Select(metric => metric.Value)];
        Assert.Equal(11, seen.Length);
        Assert.True(Math.Abs(seen[0] - 1) > 0.2);
        Assert.All(seen[^4..], ratio => Assert.InRange(ratio, 0.93, 1.1));
    }

    [Fact]
    public void What_is_frozen_is_left_out()
    {
        var (network, data) = Linear();
        var bias = network.Parameters.Single(parameter => parameter.Value.Elements == 1).Name;
        using var trainer = new Trainer(
            network, data, Settings(new Sgd(0.05)) with { Frozen = [bias] }, [new EdgeOfStability(data, Cadence.Ends)]);
        trainer.Begin();
        var H = Design(data);
        H = new double[,] { { H[0, 0], H[0, 1] }, { H[1, 0], H[1, 1] } };
        AssertAt(trainer, 0, "edge-of-stability.sharpness", Eigenvalues(H).Max());
    }

    private static TrainingSettings Settings(Optimizer optimizer) => new()
    {
        Loss = new MeanSquaredError(),
        Optimizer = optimizer,
        Steps = 2,
    };

    private static (Network Network, DataSet Data) Linear()
    {
        using Generator generator = new(3);
        var network = Mlp.Build([2, 1], "relu", InitializationScheme.He, generator);
        double[] x = [.. Examples(Gaussian(12, 2, 2)).SelectMany(one => one)];
        return (network, DataSet.FromArrays("line", [2], x, targets: [.. Enumerable.Range(0, 12).Select(i => Math.Sin(i))]));
    }

    // In the order weights, bias.
    private static double[,] Design(DataSet data)
    {
        var H = new double[3, 3];
        foreach (var x in Examples(data))
        {
            double[] row = [.. x, 1];
            for (var i = 0; i < 9; i++)
            {
                H[i / 3, i % 3] += 2 * row[i / 3] * row[i % 3] / data.Count;
            }
        }

        return H;
    }

    private static double[] Eigenvalues(double[,] matrix) => Occam.Tests.Measures.Curvature.DenseCurvature.Eigenvalues(matrix);

    private static void AssertAt(Trainer trainer, long step, string name, double expected) =>
        AssertClose(expected, trainer.Metrics.Single(metric => metric.Step == step && metric.Name == name).Value, 1e-4);
}
