#!/usr/bin/env -S dotnet run
// Measures a network: dotnet run samples/measure.cs [NETWORK.onnx [DATA]]
// Without arguments it first trains a small one, on digits that Occam draws itself.
#:project ../src/Occam/Occam.csproj

using Occam.Data;
using Occam.Measures;
using Occam.Measures.Weights;
using Occam.Measuring;
using Occam.Networks.Builders;
using Occam.Networks.Onnx;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;

var network = args.Length > 0 ? args[0] : TrainSmall();
var complexity = Complexity.Of(network, args.Length > 1 ? args[1] : "glyphs:test", limit: 500);

// Each is measured when it is asked for. A result says how exact it is, or why there is no value.
MeasureResult[] results =
[
    complexity.GeometricComplexity,
    complexity.LocalLipschitz,
    complexity.Margin,
    complexity.Measure(new GroupNorm(P: 1)),
    complexity.Measure("l2-path-norm"),
];
foreach (var result in results)
{
    var value = result.Value is not { } number ? result.NotApplicable
        : result.Exact ? $"{number:G5} exact" : $"{number:G5} ± {result.StandardError:G2}";
    Console.WriteLine($"{result.Title,-32} {value,-24} {result.Source}");
}

static string TrainSmall()
{
    using var random = new Generator(0);
    var untrained = Mlp.Build([784, 32, 32, 10], "relu", InitializationScheme.He, random);
    var settings = new TrainingSettings { Loss = new CrossEntropy(), Optimizer = new Sgd(0.1), BatchSize = 32, Steps = 300 };
    using var trainer = new Trainer(untrained, DataSource.Open("glyphs:train", new DataOptions { Limit = 2000 }), settings);
    trainer.Run();
    OnnxWriter.Write(trainer.Snapshot().Graph, "small.onnx");
    return "small.onnx";
}
