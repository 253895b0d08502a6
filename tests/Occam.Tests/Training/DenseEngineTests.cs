using System.Collections.Immutable;
using Occam.Data;
using Occam.Networks;
using Occam.Networks.Builders;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Occam.Training.Trajectories;
using Xunit;

namespace Occam.Tests.Training;

public sealed class DenseEngineTests
{
    private const double Tolerance = 1e-6;

    private static readonly string[] s_activations = ["relu", "leaky-relu", "tanh", "sigmoid", "gelu", "identity"];

    public static TheoryData<string, Loss, Optimizer, int> Steps
    {
        get
        {
            Loss[] losses = [new HalfSquaredError(), new MeanSquaredError(), new CrossEntropy(), new BinaryCrossEntropy()];
            Optimizer[] optimizers =
            [
                new Sgd(0.1), new Sgd(0.1, 0.9), new Sgd(0.1, 0.9, Nesterov: true, WeightDecay: 0.01), new Adam(0.01, WeightDecay: 0.1),
                new AdamW(0.01),
            ];
            return [.. from activation in s_activations
                       from at in Enumerable.Range(0, 5)
                       let loss = losses[(Array.IndexOf(s_activations, activation) + at) % losses.Length]
                       select new TheoryDataRow<string, Loss, Optimizer, int>(activation, loss, optimizers[at], new[] { 1, 2, 7 }[at % 3])];
        }
    }

    /// <summary>Layers wider than they are high and the other way round, some of a vector's length and some not.</summary>
    [Theory]
    [InlineData("relu", 1)]
    [InlineData("relu", 6)]
    [InlineData("leaky-relu", 3)]
    [InlineData("tanh", 1)]
    [InlineData("tanh", 5)]
    [InlineData("sigmoid", 4)]
    [InlineData("gelu", 4)]
    public void Gradients_are_autograds_in_double_precision(string activation, int batch)
    {
        const int networks = 8;
        foreach (var loss in new Loss[] { new HalfSquaredError(), new MeanSquaredError(), new CrossEntropy() })
        {
            var squares = new SortedDictionary<string, double>(StringComparer.Ordinal);
            for (var seed = 0; seed < networks; seed++)
            {
                using var generator = new Generator((ulong)seed);
                var network = Mlp.Build([4, 33, 300, 3, 64, loss.TakesClasses ? 3 : 2], activation, InitializationScheme.LeCun, generator);
                var settings = new TrainingSettings { Loss = loss, Optimizer = new Sgd(0.1, 0.9), BatchSize = batch, Steps = 1 };

                // A momentum's first memory is the gradient itself.
                var (managed, exact) = (Gradients(network, settings), Gradients(network.To(ScalarType.Float64, Device.Cpu), settings));
                Assert.Equal(exact.Keys, managed.Keys);
                foreach (var (name, expected) in exact)
                {
                    squares[name] = squares.GetValueOrDefault(name) + Math.Pow(Distance(expected, managed[name]), 2);
                }
            }

            // Over several networks, since in one a sum may happen to cancel.
            Assert.All(squares, pair => Assert.True(
                Math.Sqrt(pair.Value / networks) <= Tolerance, $"{pair.Key}: {Math.Sqrt(pair.Value / networks):0.0e+0}"));
        }
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void Steps_are_those_of_libtorch(string activation, Loss loss, Optimizer optimizer, int batch)
    {
        using var generator = new Generator(6);
        var outputs = loss is CrossEntropy ? 3 : loss is BinaryCrossEntropy ? 1 : 2;
        var network = Mlp.Build([4, 9, 40, outputs], activation, InitializationScheme.PyTorch, generator);
        var settings = new TrainingSettings
        {
            Loss = loss,
            Optimizer = optimizer,
            BatchSize = batch,
            Steps = 6,
            Trajectory = true,
            Frozen = ["layer2.weight", "layer3.bias"],
        };
        var data = Data(loss, 7, outputs);
        using var managed = new Trainer(network, data, settings);
        using var torch = new Trainer(network, data, settings with { ManagedKernel = false });
        Assert.Equal("managed", managed.EngineName);
        managed.Run(TestContext.Current.CancellationToken);
        torch.Run(TestContext.Current.CancellationToken);

        var (mine, theirs) = (managed.Save(), torch.Save());
        Assert.Empty(mine.Names.Except(theirs.Names));
        foreach (var name in theirs.Names.Where(
            name => name.StartsWith("weight.", StringComparison.Ordinal) || name.StartsWith("optimizer", StringComparison.Ordinal)))
        {
            AssertClose(
                [.. theirs.Read<float>(name).Select(value => (double)value)], [.. mine.Read<float>(name).Select(value => (double)value)],
                name, 2e-5);
        }

        Assert.Equal(torch.Loss, managed.Loss, torch.Loss * 1e-5);
        Assert.All(
            torch.Trajectory!.TotalLengths.Zip(managed.Trajectory!.TotalLengths),
            pair => Assert.Equal(pair.First, pair.Second, pair.First * 1e-3));
        foreach (var (own, parameter) in managed.Snapshot().Parameters.Zip(network.Parameters))
        {
            Assert.Equal(settings.IsFrozen(own.Name), own.Value.ToArray<float>().SequenceEqual(parameter.Value.ToArray<float>()));
        }
    }

    [Theory]
    [InlineData(FirstLayer.Dense)]
    [InlineData(FirstLayer.Identity)]
    [InlineData(FirstLayer.Shift)]
    public void The_closed_form_is_that_of_libtorch(FirstLayer first)
    {
        using var generator = new Generator(8);
        var network = Mlp.Build([4, 4, 12, 12, 1], "relu", InitializationScheme.PyTorch, generator, firstLayer: first);
        var settings = new TrainingSettings
        {
            Loss = new HalfSquaredError(),
            Optimizer = new Sgd(0.02),
            BatchSize = 1,
            Replacement = true,
            Steps = 60,
            TrajectoryWindow = 20,
            Trajectory = true,
            Frozen = first == FirstLayer.Shift ? [] : ["layer1.weight"],
        };
        using var managed = new Trainer(network, TrainingData.Waves(20, 4), settings);
        using var torch = new Trainer(network, TrainingData.Waves(20, 4), settings with { ManagedKernel = false });
        managed.Run(TestContext.Current.CancellationToken);
        torch.Run(TestContext.Current.CancellationToken);

        Assert.NotEqual(managed.EngineName, torch.EngineName);
        foreach (var (own, theirs) in managed.Trajectory!.Windows.Zip(torch.Trajectory!.Windows))
        {
            Assert.All(own.Lengths.Zip(theirs.Lengths), pair => Assert.Equal(pair.Second, pair.First, pair.Second * 1e-5));
            Assert.Equal(theirs.MeanLipschitz, own.MeanLipschitz, theirs.MeanLipschitz * 1e-5);
            Assert.Equal(theirs.LargestLipschitz, own.LargestLipschitz, theirs.LargestLipschitz * 1e-5);
            Assert.Equal(theirs.Lower, own.Lower, theirs.Lower * 1e-5);
            Assert.Equal(theirs.Distance, own.Distance, theirs.Distance * 1e-4);
        }
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(5, false)]
    public void A_step_allocates_nothing(int batch, bool plain)
    {
        using var generator = new Generator(3);
        var network = Mlp.Build([4, 4, 8, 1], "relu", InitializationScheme.PyTorch, generator, firstLayer: FirstLayer.Identity);
        using var trainer = new Trainer(network, TrainingData.Waves(100, 4), new TrainingSettings
        {
            Loss = new HalfSquaredError(),
            Optimizer = plain ? new Sgd(0.01) : new Adam(0.01),
            BatchSize = batch,
            Steps = 100_000,
            TrajectoryWindow = 100_000,
            Trajectory = true,
            Replacement = true,
            Frozen = ["layer1.weight"],
        });
        trainer.Begin();
        void Take()
        {
            for (var step = 0; step < 9; step++)
            {
                trainer.TakeStep();
            }
        }

        Take();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Take();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal("managed", trainer.EngineName);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_network_it_starts_from_is_left_alone(bool managed)
    {
        using var generator = new Generator(4);
        var network = Mlp.Build([4, 4, 1], "relu", InitializationScheme.LeCun, generator);
        static float[] Numbers(Network network) => [.. network.Parameters.SelectMany(parameter => parameter.Value.ToArray<float>())];
        var before = Numbers(network);
        using var trainer = new Trainer(
            network, TrainingData.Waves(6, 4),
            new TrainingSettings { Loss = new MeanSquaredError(), Optimizer = new Sgd(0.5), Steps = 3, ManagedKernel = managed });
        trainer.Run(TestContext.Current.CancellationToken);

        Assert.Equal(before, Numbers(network));
        Assert.NotEqual(before, Numbers(trainer.Snapshot()));
    }

    /// <summary>Other ways to write dense layers: untransposed products, biases of another rank, images that are flattened.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_chain_of_other_nodes_is_trained_too(int batch)
    {
        using var generator = new Generator(2);
        var graph = Chain(generator);
        var settings = new TrainingSettings { Loss = new CrossEntropy(), Optimizer = new Sgd(0.1, 0.9), BatchSize = batch, Steps = 4 };
        var data = TrainingData.Quarters(9, size: 4);
        using var managed = new Trainer(new Network(graph), data, settings);
        using var torch = new Trainer(new Network(graph), data, settings with { ManagedKernel = false });
        managed.Run(TestContext.Current.CancellationToken);
        torch.Run(TestContext.Current.CancellationToken);

        Assert.Equal("managed", managed.EngineName);
        foreach (var (own, theirs) in managed.Snapshot().Parameters.Zip(torch.Snapshot().Parameters))
        {
            AssertClose(theirs.Value.ToArray<double>(), own.Value.ToArray<double>(), own.Name, 1e-5);
        }

        var (inputs, labels) = (new float[9 * 16], data.RequireLabels().Select(label => (double)label).ToArray());
        data.CopyInputs([.. Enumerable.Range(0, 9)], inputs);
        Assert.Equal(torch.Evaluate(inputs, labels, 9).Loss, managed.Evaluate(inputs, labels, 9).Loss, 1e-5);
    }

    [Fact]
    public void What_is_not_a_chain_is_left_to_libtorch()
    {
        using var generator = new Generator(2);
        var chain = Chain(generator);
        var settings = new TrainingSettings { Loss = new CrossEntropy(), Optimizer = new Sgd(0.1), BatchSize = 2, Steps = 1 };
        string Engine(Func<Graph, Graph> change)
        {
            using var trainer = new Trainer(new Network(change(chain)), TrainingData.Quarters(9, size: 4), settings);
            return trainer.EngineName;
        }

        Graph With(Graph graph, int at, Func<Node, Node> change) => graph with { Nodes = graph.Nodes.SetItem(at, change(graph.Nodes[at])) };

        Assert.Equal("managed", Engine(graph => graph));
        // Scaled products, a residual sum, one parameter twice, dropout, a product of each row of an image.
        Assert.NotEqual("managed", Engine(graph => With(graph, 5, node => node with { Attributes = Attributes.Of(("alpha", 2.0)) })));
        Assert.NotEqual("managed", Engine(graph => With(graph, 2, node => node with { Inputs = ["product", "product"] })));
        Assert.NotEqual("managed", Engine(graph => With(graph, 3, node => node with { OperatorType = "Add", Inputs = ["sum", "b1"] })));
        Assert.NotEqual("managed", Engine(graph => With(graph, 3, node => node with { OperatorType = "Dropout" })));
        Assert.NotEqual("managed", Engine(graph => With(graph, 3, node => node with { OperatorType = "Softmax" })));
    }

    private static Graph Chain(Generator generator)
    {
        Tensor Random(params long[] shape) => (Tensor.Randn(shape, generator) * 0.4).DetachFromDisposeScope();
        Node Make(string type, string[] inputs, string output, params (string, object)[] attributes) =>
            new(output, type, "", [.. inputs], [output], Attributes.Of(attributes));
        using var grad = Libtorch.NoGrad();
        return new Graph
        {
            Opset = 17,
            Input = new ValueInfo("x", ScalarType.Float32, [null, 1, 4, 4]),
            Outputs = [new ValueInfo("y", ScalarType.Float32, [null, 4])],
            Nodes =
            [
                Make("Flatten", ["x"], "flat"),
                Make("MatMul", ["flat", "W1"], "product"),
                Make("Add", ["b1", "product"], "sum"),
                Make("Tanh", ["sum"], "curved"),
                Make("LeakyRelu", ["curved"], "bent", ("alpha", 0.3)),
                Make("Gemm", ["bent", "W2"], "second"),
                Make("Relu", ["second"], "cut"),
                Make("Gemm", ["cut", "W3", "b3"], "y", ("transB", 1L)),
            ],
            Initializers = ImmutableDictionary.CreateRange<string, Tensor>(
            [
                new("W1", Random(16, 10)), new("b1", Random(1, 10)), new("W2", Random(10, 20)), new("W3", Random(4, 20)),
                new("b3", Random(4)),
            ]),
        };
    }

    private static DataSet Data(Loss loss, int count, int outputs)
    {
        var random = new SeededRandom(1);
        float[] x = [.. Enumerable.Range(0, count * 4).Select(_ => (float)random.NextGaussian())];
        return loss.TakesClasses
            ? DataSet.FromArrays("classes", [4], x, labels: [.. Enumerable.Range(0, count).Select(i => i % Math.Max(2, outputs))])
            : DataSet.FromArrays("numbers", [4], x, targets: [.. Enumerable.Range(0, count * outputs).Select(_ => random.NextGaussian())]);
    }

    private static SortedDictionary<string, double[]> Gradients(Network network, TrainingSettings settings)
    {
        using var trainer = new Trainer(network, Data(settings.Loss, 6, settings.Loss.TakesClasses ? 3 : 2), settings);
        Assert.Equal(network.Type == ScalarType.Float32, trainer.EngineName == "managed");
        trainer.TakeStep();
        var archive = trainer.Save();
        return new SortedDictionary<string, double[]>(archive.Names.Where(
            name => name.StartsWith("optimizer0.", StringComparison.Ordinal)).ToDictionary(
            name => name,
            name => network.Type == ScalarType.Float64
                ? archive.Read<double>(name)
                : [.. archive.Read<float>(name).Select(value => (double)value)]), StringComparer.Ordinal);
    }

    private static void AssertClose(double[] expected, double[] actual, string name, double tolerance = Tolerance)
    {
        var distance = Distance(expected, actual);
        Assert.True(distance <= tolerance, $"{name}: {distance:0.0e+0} > {tolerance:0.0e+0}");
    }

    private static double Distance(double[] expected, double[] actual) =>
        Math.Sqrt(expected.Zip(actual, (a, b) => (a - b) * (a - b)).Sum() / expected.Sum(value => value * value));
}
