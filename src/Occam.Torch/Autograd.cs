namespace Occam.Torch;

/// <summary>Reverse-mode derivatives, to any order.</summary>
public static unsafe class Autograd
{
    /// <summary>
    /// The vector-Jacobian products: for each input the sum over outputs of cotangentᵀ · ∂output/∂input,
    /// in the input's shape.
    /// </summary>
    /// <param name="outputs">What is differentiated.</param>
    /// <param name="inputs">With respect to what; each must require a gradient.</param>
    /// <param name="cotangents">One for each output in its shape; may be left out for scalar outputs (then 1).</param>
    /// <param name="retainGraph">Keep the recording for another pass.</param>
    /// <param name="createGraph">Record this pass as well, so that its result can be differentiated.</param>
    /// <returns>A gradient for each input; null for an input that no output depends on.</returns>
    /// <exception cref="TorchException">The outputs were not recorded, or the recording was freed.</exception>
    public static Tensor?[] Grad(
        ReadOnlySpan<Tensor> outputs,
        ReadOnlySpan<Tensor> inputs,
        ReadOnlySpan<Tensor> cotangents = default,
        bool retainGraph = false,
        bool createGraph = false)
    {
        if (!cotangents.IsEmpty && cotangents.Length != outputs.Length)
        {
            throw new ArgumentException($"{outputs.Length} outputs need as many cotangents, not {cotangents.Length}", nameof(cotangents));
        }

        var outputHandles = stackalloc nint[outputs.Length];
        var inputHandles = stackalloc nint[inputs.Length];
        var cotangentHandles = stackalloc nint[outputs.Length];
        var results = stackalloc nint[inputs.Length];
        Fill(outputs, outputHandles);
        Fill(inputs, inputHandles);
        Fill(cotangents, cotangentHandles);
        NativeMethods.Check(NativeMethods.occam_gradients(
            outputHandles, outputs.Length, inputHandles, inputs.Length, cotangents.IsEmpty ? null : cotangentHandles,
            retainGraph || createGraph ? 1 : 0, createGraph ? 1 : 0, 1, results));
        KeepAlive(outputs);
        KeepAlive(inputs);
        KeepAlive(cotangents);

        var gradients = new Tensor?[inputs.Length];
        for (var i = 0; i < gradients.Length; i++)
        {
            gradients[i] = results[i] == 0 ? null : new Tensor(results[i]);
        }

        return gradients;
    }

    /// <summary>The vector-Jacobian product of one output with respect to one input; zeros where it doesn't depend on it.</summary>
    /// <inheritdoc cref="Grad(ReadOnlySpan{Tensor}, ReadOnlySpan{Tensor}, ReadOnlySpan{Tensor}, bool, bool)"/>
    public static Tensor Grad(Tensor output, Tensor input, Tensor? cotangent = null, bool retainGraph = false, bool createGraph = false) =>
        Grad([output], [input], cotangent is null ? [] : [cotangent], retainGraph, createGraph)[0] ?? Tensor.ZerosLike(input);

    /// <summary>
    /// Adds the vector-Jacobian products to tensors that are there already, one for each input, each as soon as it is known: what a large
    /// network's gradients take beside their sums is no more than the largest of them. Nothing is recorded.
    /// </summary>
    /// <param name="outputs">What is differentiated.</param>
    /// <param name="inputs">With respect to what: leaves that require a gradient.</param>
    /// <param name="cotangents">One for each output in its shape.</param>
    /// <param name="sums">What is added to, in the inputs' shapes and types.</param>
    /// <param name="retainGraph">Keep the recording for another pass.</param>
    /// <exception cref="TorchException">The outputs were not recorded, or the recording was freed.</exception>
    internal static void AddGradients(
        ReadOnlySpan<Tensor> outputs, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> cotangents, ReadOnlySpan<Tensor> sums,
        bool retainGraph = false)
    {
        if (cotangents.Length != outputs.Length || sums.Length != inputs.Length)
        {
            throw new ArgumentException($"{outputs.Length} outputs and {inputs.Length} inputs need as many cotangents and sums");
        }

        var outputHandles = stackalloc nint[outputs.Length];
        var inputHandles = stackalloc nint[inputs.Length];
        var cotangentHandles = stackalloc nint[outputs.Length];
        var sumHandles = stackalloc nint[inputs.Length];
        Fill(outputs, outputHandles);
        Fill(inputs, inputHandles);
        Fill(cotangents, cotangentHandles);
        Fill(sums, sumHandles);
        NativeMethods.Check(NativeMethods.occam_add_gradients(
            outputHandles, outputs.Length, inputHandles, inputs.Length, cotangentHandles, retainGraph ? 1 : 0, sumHandles));
        KeepAlive(outputs);
        KeepAlive(inputs);
        KeepAlive(cotangents);
        KeepAlive(sums);
    }

    private static void Fill(ReadOnlySpan<Tensor> tensors, nint* handles)
    {
        for (var i = 0; i < tensors.Length; i++)
        {
            handles[i] = tensors[i].Handle;
        }
    }

    private static void KeepAlive(ReadOnlySpan<Tensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            GC.KeepAlive(tensor);
        }
    }
}
