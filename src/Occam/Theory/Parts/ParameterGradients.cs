using Occam.Measures;
using Occam.Measures.Transfer;
using Occam.Torch;

namespace Occam.Theory.Parts;

/// <summary>Gradients of each output at single examples by all parameters, written out as one vector.</summary>
internal static class ParameterGradients
{
    private const int MostExamples = 16;
    private const long MostNumbers = 16L << 20;

    /// <summary>The first examples whose gradients fit into memory: at least 2 where there are 2.</summary>
    public static int Examples(TheoryContext context) =>
        (int)Math.Min(
            context.Data.Count,
            Math.Clamp(MostNumbers / Math.Max(context.Network.ParameterCount * context.Measures.Outputs, 1), 2, MostExamples));

    /// <summary>∇_θ f^j(x) of an example: k × parameters.</summary>
    public static Tensor Of(TheoryContext context, int example)
    {
        using var scope = Libtorch.NewDisposeScope();
        using var grad = Libtorch.EnableGrad();
        var model = new Subject(context.Network).OfParameters()!;
        var batch = context.Measures.Batch([example]);
        var logits = model.Holding(batch.Held).Forward(batch.Inputs);
        var rows = Enumerable.Range(0, (int)logits.Size(1)).Select(j =>
        {
            var gradients =
                Autograd.Grad([logits.Select(1, j)], model.Parameters, [Tensor.Ones([1], logits.ScalarType)], retainGraph: true);
            return Tensor.Cat(
                [.. gradients.Zip(model.Parameters, (gradient, parameter) => (gradient ?? Tensor.ZerosLike(parameter)).Reshape(-1))], 0);
        });
        return Tensor.Stack([.. rows], 0).Detach().MoveToOuterDisposeScope();
    }

    /// <summary>‖∇_θ f‖_F² = Σ_i (1 + ‖h_i‖²) Σ_j ‖δ_i^j‖², where other parameters than the layers' have no part in it.</summary>
    public static Inequality Identity(TheoryContext context, TransferQuantities found)
    {
        const string Name = "‖∇_θ f‖_F² = Σ (1 + ‖h‖²) Σ_j ‖δ^j‖²";
        var own = found.Layers.Sum(layer => layer.HasBias ? 2 : 1);
        if (own != context.Network.Parameters.Length)
        {
            return Inequality.NotApplicable(Name, "the network has other parameters than its layers' weights and biases");
        }

        var (left, right, worst) = (0.0, 0.0, -1.0);
        for (var n = 0; n < Examples(context); n++)
        {
            using var scope = Libtorch.NewDisposeScope();
            var written = Of(context, n).Square().Sum().Item();
            var summed = 0.0;
            for (var j = 0; j < context.Measures.Outputs; j++)
            {
                for (var i = 0; i < found.Layers.Length; i++)
                {
                    summed += ((found.Layers[i].HasBias ? 1 : 0) + found.SquaredInputs[i][n]) * found.SquaredSlopes[i][j, n];
                }
            }

            var error = Math.Abs(written - summed) / Math.Max(written, double.Epsilon);
            if (error > worst)
            {
                (left, right, worst) = (written, summed, error);
            }
        }

        return Inequality.Equal(Name, left, right).AsArithmetic();
    }
}
