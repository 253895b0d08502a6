#!/usr/bin/env -S dotnet run
// Trains twice, without and with geometric complexity added to the loss, and looks at it while training:
// dotnet run samples/train.cs
#:project ../src/Occam/Occam.csproj

using Occam.Data;
using Occam.Measures;
using Occam.Measures.Slope;
using Occam.Measuring;
using Occam.Networks.Builders;
using Occam.Torch;
using Occam.Training;
using Occam.Training.Losses;
using Occam.Training.Optimizers;
using Occam.Training.Probes;
using Occam.Training.Regularizers;

var examples = DataSource.Open("glyphs:train", new DataOptions { Limit = 1000 });
var others = DataSource.Open("glyphs:test", new DataOptions { Limit = 500 });
foreach (var strength in new[] { 0, 0.01 })
{
    using var random = new Generator(0);
    var settings = new TrainingSettings
    {
        Loss = new CrossEntropy(),
        Optimizer = new Sgd(0.05, Momentum: 0.9),
        BatchSize = 50,
        Steps = 300,
        Regularizers = strength == 0 ? [] : [new GeometricComplexityRegularizer(strength)],
    };

    // On the examples it trains on: the same 100 at every look.
    var probe = new MeasureProbe(new GeometricComplexity(), examples.Subset(100, seed: 0), Cadence.EverySteps(100));
    using var trainer = new Trainer(Mlp.Build([784, 48, 48, 10], "relu", InitializationScheme.He, random), examples, settings, [probe]);
    Console.WriteLine($"geometric complexity added to the loss: {strength} times");
    trainer.Observed = metric =>
    {
        if (metric.Name == probe.Name)
        {
            Console.WriteLine($"  step {metric.Step,4}   complexity {metric.Value,8:G4}");
        }
    };
    trainer.Run();

    var margin = Complexity.Of(new Subject(trainer.Snapshot()), others).Margin;
    Console.WriteLine($"  accuracy on other digits {margin.Detail("accuracy"):P1}");
}
