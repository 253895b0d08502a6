using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>Matrix products of which both factors depend on the data, where both are bounded.</summary>
internal static class Products
{
    public const string WhyUnbounded =
        "it multiplies two values that both depend on the input, and nothing before it bounds how large they can be";

    /// <summary>
    /// How large the numbers of A B can be: an entry is at most a row's norm times a column's. Where B is one constant matrix, its
    /// largest singular value bounds the rows of the product as groups.
    /// </summary>
    public static ValueSize Size(ValueSize left, ValueSize right, Tensor? constantRight)
    {
        var rows = left.Norms(-1);
        var elements = (rows.Unsqueeze(-1) * right.Norms(-2).Unsqueeze(-2)).Minimum(left.Elements.MatMul(right.Elements));
        return constantRight is { Dimensions: 2 } matrix
            ? new ValueSize(elements).WithGroups(
                elements.Dimensions - 1,
                Broadcasting.LargestMagnitude(rows) * (SpectralNorm.IsCheap(matrix) ? SpectralNorm.Largest(matrix) : matrix.Norm().Item()))
            : new ValueSize(elements);
    }

    /// <summary>d(AB) = dA B + A dB: at most sup‖B‖ L_A + sup‖A‖ L_B, once for each copy of what is broadcast.</summary>
    public static double? Bound(LipschitzCall call) =>
        call.Size(0) is { Elements.Dimensions: >= 2 } left && call.Size(1) is { Elements.Dimensions: >= 2 } right
            ? (call.InputBounds[0] * Norm(right) * Math.Sqrt(Copies(call, 0)))
                + (call.InputBounds[1] * Norm(left) * Math.Sqrt(Copies(call, 1)))
            : null;

    /// <summary>Some rows of the gradient by W of a product X W, or by Wᵀ, summed over the rows of X: count × the others.</summary>
    /// <param name="x">X, in whatever dimensions but the last.</param>
    /// <param name="cotangent">Of the product.</param>
    /// <param name="ofTransposed">Whether the rows are those of Wᵀ.</param>
    /// <param name="start">The first row.</param>
    /// <param name="count">How many rows.</param>
    public static Tensor GradientRows(Tensor x, Tensor cotangent, bool ofTransposed, long start, long count)
    {
        var (inputs, outputs) = (x.Reshape(-1, x.Size(-1)), cotangent.Reshape(-1, cotangent.Size(-1)));
        var (rows, others) = ofTransposed ? (outputs, inputs) : (inputs, outputs);
        return rows.Narrow(1, start, count).T().MatMul(others);
    }

    // A bound of all matrices' largest singular values: the Frobenius norm, or √rows or √columns times the longest of them.
    private static double Norm(ValueSize size)
    {
        var (rows, columns) = (size.Elements.Size(-2), size.Elements.Size(-1));
        var frobenius = Broadcasting.LargestMagnitude(size.Elements.Norm([-2, -1]));
        return Math.Min(frobenius, Math.Min(Math.Sqrt(rows) * size.LargestNorm(-1), Math.Sqrt(columns) * size.LargestNorm(-2)));
    }

    // How many matrices of the output take part in one of the input's.
    private static double Copies(LipschitzCall call, int input)
    {
        var (matrices, all) = (call.Call[input].Shape[..^2], call.Output.Shape[..^2]);
        return (double)Axes.Product(all) / Math.Max(1, Axes.Product(matrices));
    }
}
