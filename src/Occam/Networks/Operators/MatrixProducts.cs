using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks.Operators;

/// <summary>α A B + β C with A and B transposed as asked.</summary>
internal sealed class Gemm : Operator
{
    public override string Type => "Gemm";

    public override int LeastInputs => 2;

    public override Linearity Linearity => Linearity.Multilinear;

    public override bool TakesFilled(int input, Tensor filled) => true;

    public override Offset OffsetAt(int input) => input == 2 ? Offset.Bias : Offset.None;

    public override Linearity LinearityIn(ReadOnlySpan<bool> dependent) =>
        dependent[0] && dependent[1] ? Linearity.Curved : Linearity.Affine;

    public override Tensor[] Run(in NodeCall call)
    {
        var (alpha, beta) = Factors(call);
        var left = IsTransposed(call, "transA") ? call[0].T() : call[0];
        var transposed = IsTransposed(call, "transB");
        if (left.Dimensions != 2 || call[1].Dimensions != 2)
        {
            throw new OccamException(
                $"{call.Node} multiplies tensors of {left.Dimensions} and {call[1].Dimensions} dimensions: expected two matrices");
        }

        Limits.CheckElements(call.Node, left.Shape[0], call[1].Shape[transposed ? 0 : 1]);
        Limits.CheckWork(call.Node, left.Elements, call[1].Shape[transposed ? 0 : 1]);
        var offset = call.Optional(2);
        if (alpha == 1 && (offset is null || (beta == 1 && offset.Dimensions == 1)))
        {
            return [left.Linear(transposed ? call[1] : call[1].T(), offset, sharesPanels: !call.IsOfLargeNetwork)];
        }

        var product = left.MatMul(transposed ? call[1].T() : call[1]);
        product = alpha == 1 ? product : product * alpha;
        return [offset is null ? product : product + (beta == 1 ? offset : offset * beta)];
    }

    public override ImmutableArray<ValueSize?> OutputSizes(SizeCall call)
    {
        if (!call.IsBounded || call.Dependent[1] || IsTransposed(call.Call, "transA"))
        {
            return call.ByPaths(this);
        }

        var ((alpha, beta), matrix) = (Factors(call.Call), call.Call[1]);
        matrix = (IsTransposed(call.Call, "transB") ? matrix.T() : matrix) * alpha;
        var product = Products.Size(call.Sizes[0]!, ValueSize.OfConstant(matrix), matrix);
        if (call.Call.Optional(2) is not { } offset)
        {
            return [product];
        }

        var added = new ValueSize(offset.Abs() * Math.Abs(beta));
        return [ValueSize.Sum(product.Elements + added.Elements, product, added)];
    }

    protected override double? Bound(LipschitzCall call)
    {
        var bounds = call.InputBounds;
        if (bounds[0] > 0 && bounds[1] > 0)
        {
            return null;
        }

        var (alpha, beta) = Factors(call.Call);
        var offset = bounds.Length > 2 && bounds[2] > 0
            ? bounds[2] * Math.Abs(beta) * Math.Sqrt(Broadcasting.Copies(call.Call[2], call.Output))
            : 0;
        var factor = Math.Max(bounds[0], bounds[1]);
        if (factor == 0)
        {
            return offset;
        }

        var matrix = call.Call[bounds[0] > 0 ? 1 : 0];
        var norm = SpectralNorm.IsCheap(matrix) ? Math.Abs(alpha) * SpectralNorm.Largest(matrix) : call.LinearNorm();
        return (factor * norm) + offset;
    }

    public override DenseForm? DenseForm(Node node) =>
        node.Attributes.Int("transA", 0) != 0
            ? null
            : new DenseForm(node.Attributes.Int("transB", 0) != 0, node.Attributes.Float("alpha", 1), node.Attributes.Float("beta", 1));

    public override Tensor? WeightMatrix(Node node, Func<string, Tensor?> constant)
    {
        if (DenseWeight(node, constant) is { } weight)
        {
            return weight;
        }

        // From the left: A multiplies the first dimension of its data.
        if (constant(node.Inputs[0]) is not { Dimensions: 2 } left)
        {
            return null;
        }

        var alpha = node.Attributes.Float("alpha", 1);
        left = node.Attributes.Int("transA", 0) != 0 ? left.T() : left;
        return alpha == 1 ? left : left * alpha;
    }

    public override Tensor[]? Paths(PathCall call)
    {
        if (call.OnPath[0] && call.OnPath[1])
        {
            return null;
        }

        var (alpha, beta) = Factors(call.Call);
        var raised = call.Raised(offset: 2);
        var inputs = raised.Inputs;
        var constant = call.OnPath[0] ? 1 : 0;
        if (call.OnPath[constant] || inputs[constant] is not { } weight)
        {
            return null;
        }

        inputs[constant] = weight * call.Raise(alpha);
        if (inputs.Length > 2 && call.OnPath[2])
        {
            inputs[2] = inputs[2]! * call.Raise(beta);
        }

        return Run(
            raised with { Node = raised.Node with { Attributes = new Attributes(raised.Attributes.All.Remove("alpha").Remove("beta")) } });
    }

    public override bool HasGradientRows(Node node, int input) => input == 1 && node.Attributes.Int("transA", 0) == 0;

    public override Tensor GradientRows(in NodeCall call, int input, Tensor cotangent, bool ofTransposed, long start, long count)
    {
        var rows = Products.GradientRows(call[0], cotangent, ofTransposed != IsTransposed(call, "transB"), start, count);
        return Factors(call).Alpha is var alpha && alpha == 1 ? rows : rows * alpha;
    }

    public override Tensor? SquaredGradientByExample(in NodeCall call, int input, Tensor cotangent)
    {
        var (alpha, beta) = Factors(call);
        return input switch
        {
            1 when !IsTransposed(call, "transA") => ExampleGradients.OfProduct((call[0] * alpha).Unsqueeze(2), cotangent.Unsqueeze(2)),
            2 => ExampleGradients.OfBroadcast(cotangent * beta, call[2].Shape),
            _ => null,
        };
    }

    private static (double Alpha, double Beta) Factors(in NodeCall call) =>
        (call.Attributes.Float("alpha", 1), call.Attributes.Float("beta", 1));

    private static bool IsTransposed(in NodeCall call, string attribute) => call.Attributes.Int(attribute, 0) != 0;
}

/// <summary>The matrix product, batched and broadcast over the leading dimensions.</summary>
internal sealed class MatMul : Operator
{
    public override string Type => "MatMul";

    public override int LeastInputs => 2;

    public override Linearity Linearity => Linearity.Multilinear;

    public override bool TakesFilled(int input, Tensor filled) => true;

    public override Tensor[] Run(in NodeCall call)
    {
        var (left, right) = (call[0], call[1]);
        if (left.Dimensions >= 2 && right.Dimensions >= 2)
        {
            Broadcasting.CheckShape(call.Node, left.Shape.AsSpan(..^2), right.Shape.AsSpan(..^2), left.Size(-2), right.Size(-1));
        }

        Limits.CheckWork(call.Node, left.Elements, right.Dimensions > 1 ? right.Size(-1) : 1);

        // As a layer where it is one: reverse passes by the data alone share what they need of the matrix.
        return [right.Dimensions == 2 && left.Dimensions >= 2 && !right.RequiresGrad && !call.IsOfLargeNetwork
            ? left.Linear(right.T(), null)
            : left.MatMul(right)];
    }

    public override string WhyUnbounded => Products.WhyUnbounded;

    public override ImmutableArray<ValueSize?> OutputSizes(SizeCall call) =>
        call.IsBounded && call.Sizes[0] is { Elements.Dimensions: >= 2 } left && call.Sizes[1] is { Elements.Dimensions: >= 2 } right
            ? [Products.Size(left, right, call.Dependent[1] ? null : call.Call[1])]
            : call.ByPaths(this);

    internal override Enclosure[]? Enclose(EnclosureCall call) =>
        call.Varying < 2 ? base.Enclose(call)
        : call.Space.Pieces is null && EnclosedFunctions.MatrixProduct(call.Space, call[0], call[1]) is { } product ? [product]
        : null;

    protected override double? Bound(LipschitzCall call)
    {
        if (call.Varying > 1)
        {
            return Products.Bound(call);
        }

        var varying = call.InputBounds[0] > 0 ? 0 : 1;
        var (matrices, input) = (call.Call[1 - varying], call.Call[varying]);
        return call.Largest * (matrices.Dimensions < 2 || input.Dimensions < 2 || !SpectralNorm.IsCheap(matrices)
            ? call.LinearNorm()
            : BatchNorm(matrices, input, call.Output));
    }

    public override DenseForm? DenseForm(Node node) => new(UnitsFirst: false);

    public override Tensor? WeightMatrix(Node node, Func<string, Tensor?> constant) =>
        DenseWeight(node, constant) ?? (constant(node.Inputs[0]) is { Dimensions: 2 } left ? left : null);

    public override Tensor[]? Paths(PathCall call) => call.Sources > 1 ? null : Run(call.Raised());

    public override bool HasGradientRows(Node node, int input) => input == 1;

    public override Tensor GradientRows(in NodeCall call, int input, Tensor cotangent, bool ofTransposed, long start, long count) =>
        Products.GradientRows(call[0], cotangent, ofTransposed, start, count);

    public override Tensor? SquaredGradientByExample(in NodeCall call, int input, Tensor cotangent)
    {
        if (input != 1 || call[1].Dimensions != 2 || call[0].Dimensions < 2)
        {
            return null;
        }

        var examples = call[0].Size(0);
        return ExampleGradients.OfProduct(
            call[0].Reshape(examples, -1, call[0].Size(-1)).Transpose(1, 2),
            cotangent.Reshape(examples, -1, cotangent.Size(-1)).Transpose(1, 2));
    }

    // Each matrix acts on its own part of the input; where several act on the same part, that part grows at
    // most by the root sum of squares of their norms.
    private static double BatchNorm(Tensor matrices, Tensor input, Tensor output)
    {
        using var scope = Libtorch.NewDisposeScope();
        if (matrices.Dimensions == 2)
        {
            return SpectralNorm.Largest(matrices);
        }

        var norms = SpectralNorm.Of(matrices);
        var parts = Tensor.Zeros(input.Shape[..^2]);
        return Broadcasting.ProductNorm(norms, parts, Tensor.Zeros(output.Shape[..^2]));
    }
}

/// <summary>The sum that an Einstein summation names.</summary>
internal sealed class Einsum : Operator
{
    public override string Type => "Einsum";

    public override Linearity Linearity => Linearity.Multilinear;

    public override Tensor[] Run(in NodeCall call)
    {
        var operands = new Tensor[call.Inputs.Length];
        for (var i = 0; i < operands.Length; i++)
        {
            operands[i] = call[i];
        }

        var equation = call.Attributes.Text("equation", "").Replace(" ", "", StringComparison.Ordinal);
        CheckOutput(call.Node, equation, operands);
        return [Tensor.Einsum(equation, operands)];
    }

    protected override double? Bound(LipschitzCall call) => call.Varying > 1 ? null : call.Largest * call.LinearNorm();

    public override Tensor[]? Paths(PathCall call) => call.Sources > 1 ? null : Run(call.Raised());

    // What the equation itself gets wrong, libtorch tells.
    private static void CheckOutput(Node node, string equation, Tensor[] operands)
    {
        var sides = equation.Split("->");
        var terms = sides[0].Split(',');
        if (sides.Length < 2 || terms.Length != operands.Length)
        {
            return;
        }

        Dictionary<char, long> sizes = [];
        foreach (var (term, operand) in terms.Zip(operands))
        {
            // An ellipsis stands for the dimensions that no letter names.
            var letters = term.Replace("...", ".", StringComparison.Ordinal);
            var unnamed = operand.Dimensions - letters.Count(letter => letter != '.');
            var at = 0;
            foreach (var letter in letters)
            {
                var width = letter == '.' ? Math.Max(0, unnamed) : 1;
                var size = at + width <= operand.Dimensions ? Axes.Product(operand.Shape.AsSpan(at, width)) : 1;
                sizes[letter] = Math.Max(size, sizes.GetValueOrDefault(letter, 1));
                at += width;
            }
        }

        Limits.CheckElements(
            node, [.. sides[1].Replace("...", ".", StringComparison.Ordinal).Select(letter => sizes.GetValueOrDefault(letter, 1))]);
        Limits.CheckWork(node, [.. sizes.Values]);
    }
}
