using System.Security.Cryptography;
using Occam.Data;
using Occam.Measures;
using Occam.Networks.Builders;
using Occam.Networks.Loading;
using Occam.Networks.Onnx;
using Occam.Tests.Networks;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Xunit;

namespace Occam.Tests;

/// <summary>
/// The library from eight threads at once, and for long: seconds in the suite, and as many minutes each way as
/// <c>OCCAM_THREAD_MINUTES</c> says.
/// </summary>
public sealed class ThreadTests(ITestOutputHelper output)
{
    private const int Threads = 8;

    [Fact]
    public void Eight_threads_that_load_measure_train_and_dispose_get_the_results_of_one()
    {
        using var folder = new TemporaryFolder();
        OnnxWriter.Write(Measures.Measuring.Perceptron("tanh", 4, 7, 3).Graph, folder.File("perceptron.onnx"));
        OnnxWriter.Write(Measures.Measuring.Cnn().Graph, folder.File("cnn.onnx"));
        string Work(int seed) => string.Join(' ', [
            Measured(folder.File("perceptron.onnx"), Measures.Measuring.Gaussian(9, 3, 4), seed),
            Measured(folder.File("cnn.onnx"), Measures.Measuring.Gaussian(5, 3, 2, 8, 8), seed),
            Trained(seed, managed: true), Trained(seed, managed: false), Trained(seed, managed: false, convolutional: true),
        ]);
        var alone = new string[Threads];
        InThreads(1, _ =>
        {
            for (var seed = 0; seed < Threads; seed++)
            {
                alone[seed] = Work(seed);
            }
        });
        Assert.Equal(Threads, alone.Distinct().Count());
        Repeated(round => InThreads(Threads, thread =>
        {
            // In another order in each thread, so that different kinds of work meet.
            var seed = (thread + round) % Threads;
            Assert.Equal(alone[seed], Work(seed));
        }));
    }

    [Fact]
    public void Eight_threads_measure_one_network_that_they_share()
    {
        var data = Measures.Measuring.Gaussian(9, 3, 2, 8, 8);
        string[] ids =
            ["geometric-complexity", "local-lipschitz", "margin", "spectral-norm", "loss-slope", "linear-regions", "operator-norm"];
        string Measured(Subject subject, int seed)
        {
            MeasureContext context = new(subject, data, new MeasureOptions { Seed = seed, Layers = true });
            return string.Join(' ', ids.Select(id => Bits(Measures.Measuring.Find(id).Measurement(context))));
        }

        var alone = "";
        InThreads(1, _ => alone = Measured(new Subject(Measures.Measuring.Cnn()), 0));
        Repeated(_ =>
        {
            // Prepared by whichever thread asks first.
            var shared = new Subject(Measures.Measuring.Cnn());
            InThreads(Threads, _ =>
            {
                using var scope = Libtorch.NewDisposeScope();
                Assert.Equal(alone, Measured(shared, 0));
            });
            Assert.Equal(alone, Alone(() => Measured(shared, 0)));
        });
    }

    [Fact]
    public void What_a_thread_is_set_to_is_that_of_no_other()
    {
        using var barrier = new Barrier(Threads);
        InThreads(Threads, thread =>
        {
            using var scope = Libtorch.NewDisposeScope();
            using var generator = new Generator(1);
            var w = Tensor.Randn([3], generator).RequireGrad();
            for (var round = 0; round < 50; round++)
            {
                using var inner = Libtorch.NewDisposeScope();
                using var grad = (thread + round) % 2 == 0 ? Libtorch.NoGrad() : Libtorch.EnableGrad();
                barrier.SignalAndWait(TestContext.Current.CancellationToken);
                Assert.Equal((thread + round) % 2 != 0, (w * 2).RequiresGrad);
                Assert.Equal(1, inner.Count);
            }
        });
    }

    [Fact]
    public void A_thousand_measures_leave_the_process_as_large_as_it_was()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("ASAN_OPTIONS") is not null, "The sanitizers keep what was freed.");
        var (network, data) = (Measures.Measuring.Perceptron("tanh", 4, 7, 3), Measures.Measuring.Gaussian(9, 3, 4));
        var subject = new Subject(network).WithInitial(network);
        string[] ids = [.. MeasureCatalogue.All.Keys.Where(id => id is not ("layer-amplifications" or "transfer-functions"))];
        using var scope = Libtorch.NewDisposeScope();
        void Measure(int times)
        {
            for (var i = 0; i < times; i++)
            {
                using var folder = i % 50 == 0 ? new TemporaryFolder() : null;
                var own = folder is null ? subject : Reloaded(network, folder.File("a.onnx"));
                Measures.Measuring.Find(ids[i % ids.Length]).Measurement(new MeasureContext(own, data, new MeasureOptions { Seed = i }));
            }
        }

        Measure(300);
        Repeated(_ =>
        {
            var (tensors, bytes, held) = (scope.Count, Resident(), Libtorch.MemoryInUse);
            Measure(1000);
            Assert.Equal(tensors, scope.Count);
            var grown = Resident() - bytes;
            Assert.Equal(held, Libtorch.MemoryInUse);
            output.WriteLine($"grown by {grown / 1024.0 / 1024:F1} MB");
            Assert.InRange(grown, long.MinValue, 24L << 20);
        });
    }

    private static Subject Reloaded(Occam.Networks.Network network, string path)
    {
        OnnxWriter.Write(network.Graph, path);
        return Subject.Of(NetworkLoader.Load(path)).WithInitial(network);
    }

    private static string Measured(string path, DataSet data, int seed)
    {
        using var scope = Libtorch.NewDisposeScope();
        var context = new MeasureContext(
            Subject.Of(NetworkLoader.Load(path)), data, new MeasureOptions { Seed = seed, Directions = 2, Layers = true });
        string[] ids =
        [
            "geometric-complexity", "local-lipschitz", "expected-sharpness", "hessian-trace", "max-sharpness", "l1-path-norm",
            "lipschitz-upper", "loss-slope", "lipschitz-lower",
        ];
        return string.Join(' ', ids.Select(id => Bits(Measures.Measuring.Find(id).Measurement(context))));
    }

    private static string Trained(int seed, bool managed, bool convolutional = false)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        var network = convolutional
            ? new NetworkBuilder("cnn", [1, 6, 6], InitializationScheme.PyTorch, generator)
                .Convolution("conv", 3, 3).BatchNorm("bn").Activation("act", "relu").Flatten("flat").Dense("fc", 2).Build()
            : Mlp.Build([4, 8, 2], "relu", InitializationScheme.He, generator);
        using var trainer = new Trainer(
            network,
            Measures.Measuring.Gaussian(24, 2, convolutional ? [1, 6, 6] : [4]),
            new TrainingSettings
            {
                Loss = new CrossEntropy(),
                Optimizer = new Sgd(0.05, Momentum: 0.9),
                BatchSize = 6,
                Steps = 20,
                Seed = seed,
                ManagedKernel = managed,
            });
        trainer.Run(TestContext.Current.CancellationToken);
        using var folder = new TemporaryFolder();
        OnnxWriter.Write(trainer.Snapshot().Graph, folder.File("a.onnx"));
        trainer.Save().Save(folder.File("a.npz"));
        byte[] all = [.. File.ReadAllBytes(folder.File("a.onnx")), .. File.ReadAllBytes(folder.File("a.npz"))];
        return Convert.ToHexString(SHA256.HashData(all));
    }

    private static string Bits(MeasureResult result) =>
        $"{result.Id}={result.Value:R}/{string.Join(',', result.Details.Select(detail => $"{detail.Value:R}"))}"
            + $"/{string.Join(',', result.Layers.Select(layer => $"{layer.Value:R}"))}";

    // Once in the suite, or for as long as is asked.
    private static void Repeated(Action<int> round)
    {
        var minutes = double.TryParse(Environment.GetEnvironmentVariable("OCCAM_THREAD_MINUTES"), out var asked) ? asked : 0;
        var began = DateTime.UtcNow;
        for (var i = 0; i < 1 || (DateTime.UtcNow - began).TotalMinutes < minutes; i++)
        {
            round(i);
        }
    }

    private static string Alone(Func<string> of)
    {
        var found = "";
        InThreads(1, _ => found = of());
        return found;
    }

    // On threads of their own, each of which calls operators on one thread, so that sums are of the same bits.
    private static void InThreads(int count, Action<int> work)
    {
        var failures = new Exception?[count];
        Thread[] threads = [.. Enumerable.Range(0, count).Select(thread => new Thread(
            () =>
            {
                try
                {
                    Libtorch.SetThreadsHere(1);
                    work(thread);
                }
                catch (Exception e)
                {
                    failures[thread] = e;
                }
            },
            16 << 20))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        if (failures.OfType<Exception>().FirstOrDefault() is { } failure)
        {
            throw new AggregateException(failure.Message, failure);
        }
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
