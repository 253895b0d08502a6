#!/usr/bin/env -S dotnet run
// A measure of your own: dotnet run samples/own-measure.cs NETWORK.onnx DATA
// (samples/measure.cs leaves a small.onnx behind; its data are glyphs:test.)
#:project ../src/Occam/Occam.csproj

using Occam;
using Occam.Measures;
using Occam.Measuring;
using Occam.Torch;

if (args.Length != 2)
{
    Console.Error.WriteLine("own-measure: give a network and data, as in: dotnet run samples/own-measure.cs small.onnx glyphs:test");
    return 2;
}

var complexity = Complexity.Of(args[0], args[1], limit: 500);
foreach (var scale in new[] { 0.01, 0.1, 1 })
{
    var result = complexity.Measure(new NoiseResponse(scale));
    Console.WriteLine($"{result.Name}: {result.Value:G5} ± {result.StandardErrorOverExamples:G2} over other examples");
}

return 0;

/// <summary>
/// Mean over the examples of ‖f(x + s z) − f(x)‖² / s², z standard normal: it tends to the geometric complexity as s → 0, for
/// E‖Jz‖² = ‖J‖_F².
/// </summary>
/// <param name="Scale">s.</param>
internal sealed record NoiseResponse(double Scale = 0.1) : Measure(
    "noise-response", "Response to noise at the input", "a sample of Occam's", "mean ‖f(x + s z) − f(x)‖² / s²", MeasureNeeds.Data)
{
    protected override MeasureResult Compute(MeasureContext context)
    {
        using var generator = new Generator((ulong)context.Options.Seed);
        using var noGradient = Libtorch.NoGrad();
        var responses = new double[context.Data!.Count];
        foreach (var batch in context.Batches())
        {
            var noise = Tensor.Randn(batch.Inputs.Shape, generator, context.Function.Type) * Scale;
            var change = batch.Function.Forward(batch.Inputs + noise) - batch.Function.Forward(batch.Inputs);
            var squares = (change * change).Sum([1]) / (Scale * Scale);
            squares.ToArray<float>().Select(value => (double)value).ToArray().CopyTo(responses, batch.Start);
        }

        var mean = Uncertain.Mean(responses);
        return Blank with
        {
            Quantity = Uncertain.WithoutError(mean.Value),
            StandardErrorOverExamples = mean.StandardError,
            PerExample = [.. responses],
        };
    }
}
