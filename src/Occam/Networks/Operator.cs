using System.Collections.Immutable;
using Occam.Torch;

namespace Occam.Networks;

/// <summary>
/// All that Occam knows of one ONNX operator: how it runs, how it bends, and how a Lipschitz bound
/// passes through it. A measure asks these questions; it never looks at an operator's name.
/// Each operator is found by <see cref="OperatorCatalogue"/>; a new one is a new class.
/// </summary>
internal abstract class Operator
{
    /// <summary>The operator's name in its operator set, such as <c>Gemm</c>.</summary>
    public abstract string Type { get; }

    /// <summary>The operator set that it belongs to: empty for ONNX's own.</summary>
    public virtual string Domain => "";

    /// <summary>How many inputs a node must give at least; the first ones.</summary>
    public virtual int LeastInputs => 1;

    /// <summary>The operator's shape as a function of the inputs that depend on the data.</summary>
    public abstract Linearity Linearity { get; }

    /// <summary>
    /// How the operator bends where only some of its inputs depend on the data (the rest are constants).
    /// By default its <see cref="Linearity"/>, a product being affine in a single factor.
    /// </summary>
    public virtual Linearity LinearityIn(ReadOnlySpan<bool> dependent) =>
        Linearity == Linearity.Multilinear ? (dependent.Count(true) > 1 ? Linearity.Curved : Linearity.Affine) : Linearity;

    /// <summary>The same for a node, whose attributes may make a difference.</summary>
    public virtual Linearity LinearityIn(Node node, ReadOnlySpan<bool> dependent) => LinearityIn(dependent);

    /// <summary>Whether the outputs depend on the numbers in the inputs, and not on their shapes alone.</summary>
    public virtual bool ReadsValues => true;

    /// <summary>
    /// Whether the output of that index, as a function of the input of that index alone, stays the same between jumps, so
    /// that its derivative is zero wherever there is one: rounding, signs, comparisons, casts to whole numbers, indices that
    /// choose. No derivative passes from the one to the other, whatever <see cref="Linearity"/> says.
    /// </summary>
    public virtual bool IsStep(Node node, int input, int output) => false;

    /// <summary>
    /// For a function of each element that stays the same between jumps: the node, marked so that derivatives pass straight through it as
    /// through a line; null for any other.
    /// </summary>
    public virtual Node? Straight(Node node) => null;

    /// <summary>Computes the node's outputs. Inputs are never changed.</summary>
    /// <exception cref="OccamException">The node asks for something that Occam doesn't support.</exception>
    /// <exception cref="TorchException">The shapes don't fit.</exception>
    public abstract Tensor[] Run(in NodeCall call);

    /// <summary>
    /// Whether the input of that index, if it is a stored floating-point tensor, is a parameter that training
    /// changes (false for running statistics, scales of a resize, limits of a clip).
    /// </summary>
    public virtual bool Trains(int input) => true;

    /// <summary>The same for a node whose attributes say what happens to its inputs.</summary>
    public virtual bool Trains(Node node, int input) => Trains(input);

    /// <summary>The same for a tensor whose numbers may say that it is no parameter (a mask, a table of sines).</summary>
    public virtual bool Trains(Node node, int input, Tensor stored) =>
        Trains(node, input) && !(Linearity == Linearity.Structural && (AddedMask.Is(stored) || SineTable.Is(stored)));

    /// <summary>
    /// Whether a tensor of one number everywhere, in a stored shape, stands for a weight where it is the input of that index beside the
    /// node's data: a layer takes weights; elsewhere it is a constant of a formula.
    /// </summary>
    public virtual bool TakesFilled(int input, Tensor filled) => false;

    /// <summary>
    /// For a piecewise-linear operator: functions of the inputs, affine wherever the operator's inputs are,
    /// whose sign changes are the operator's kinks: batch × anything. Between their zeros the operator is
    /// affine. Null when the operator has no kinks.
    /// </summary>
    public virtual Tensor? Switches(in NodeCall call) => null;

    /// <summary>The probability with which the node drops an element in training; null for what is no dropout.</summary>
    /// <param name="node">The node.</param>
    /// <param name="constant">The value of a constant of the network by name, or null for what varies with the input.</param>
    public virtual double? DropProbability(Node node, Func<string, Tensor?> constant) => null;

    /// <summary>
    /// Whether the operator passes each element of its one input where that is positive and gives 0 elsewhere. A network
    /// that bends in such operators only is a sum over paths through units that are on (a ReLU network).
    /// </summary>
    public virtual bool IsRectifier => false;

    /// <summary>
    /// Whether the operator changes pieces at every zero of <see cref="Switches"/>. It doesn't where a zero may be a tie
    /// among numbers none of which counts; <see cref="Pattern"/> then tells which zeros are kinks.
    /// </summary>
    public virtual bool EverySwitchIsKink => true;

    /// <summary>
    /// For a piecewise-linear operator: which piece each input lies on, as integers or truth values,
    /// batch × anything: equal for two examples exactly when they lie on the same piece.
    /// By default the signs of <see cref="Switches"/>.
    /// </summary>
    public virtual Tensor? Pattern(in NodeCall call) => Switches(call)?.GreaterThan(0);

    /// <summary>
    /// How an upper Lipschitz bound (ℓ2 norms, one example) passes through: given a bound for each input
    /// (0 for constants), one for the output.
    /// </summary>
    /// <returns>The bound, or null where the operator has no finite one.</returns>
    public double? Lipschitz(LipschitzCall call) => call.Varying == 0 ? 0 : Bound(call);

    /// <summary><see cref="Lipschitz"/> where at least one input depends on the data.</summary>
    protected abstract double? Bound(LipschitzCall call);

    /// <summary>Why no finite bound passes, where <see cref="Lipschitz"/> is null.</summary>
    public virtual string WhyUnbounded => "its slope is not bounded on all of its inputs";

    /// <summary>Whether <see cref="Lipschitz"/> depends on the numbers in a constant input of that index, beside its shape.</summary>
    public virtual bool BoundReads(int input) => !IsOffset(input);

    /// <summary>Whether <see cref="OutputSizes"/> depends on the numbers in the input of that index.</summary>
    public virtual bool SizesRead(int input) => true;

    /// <summary>
    /// How large the outputs' numbers can be, given how large the inputs' are: what products of values that both depend on the
    /// data need for a Lipschitz bound. By default what sums over paths say.
    /// </summary>
    /// <returns>A bound for each output; null, or too few, where there is none.</returns>
    public virtual ImmutableArray<ValueSize?> OutputSizes(SizeCall call) => call.ByPaths(this);

    /// <summary>
    /// What comes out where the inputs that depend on the data lie in a ball's enclosures, and its derivative. By default an operator that
    /// is affine in those inputs passes them, by its sums over paths.
    /// </summary>
    /// <returns>The outputs; null where there is no rule.</returns>
    internal virtual Enclosure[]? Enclose(EnclosureCall call) =>
        call.Linearity is Linearity.Structural or Linearity.Affine ? call.Affine(this) : null;

    /// <summary>Why there is no rule, where <see cref="Enclose"/> is null.</summary>
    internal virtual string WhyNotEnclosed(EnclosureCall call) => "there is no rule for how it bends on a bounded domain";

    /// <summary>
    /// Whether the first output holds the same numbers in the same order for each example as the first input,
    /// in evaluation mode (a flattening, a renaming).
    /// </summary>
    public virtual bool KeepsElementsInOrder => false;

    /// <summary><see cref="KeepsElementsInOrder"/> where the numbers stay the same, too, and aren't rounded on the way.</summary>
    public bool KeepsNumbersInOrder(Node node) => KeepsElementsInOrder && !IsStep(node, 0, 0);

    /// <summary>
    /// For a node that multiplies the last dimension of its first input by a matrix, its second: how the matrix stands
    /// there; null for any other node.
    /// </summary>
    public virtual DenseForm? DenseForm(Node node) => null;

    /// <summary>
    /// For a dense layer: the matrix W (units × inputs) that multiplies the last dimension of its data input,
    /// scaled as the node scales it; null for any other node.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="constant">The value of a constant of the network by name, or null for what varies with the input.</param>
    public Tensor? DenseWeight(Node node, Func<string, Tensor?> constant)
    {
        if (DenseForm(node) is not { } form || constant(node.Inputs[1]) is not { Dimensions: 2 } matrix)
        {
            return null;
        }

        var weight = form.UnitsFirst ? matrix : matrix.T();
        return form.Scale == 1 ? weight : weight * form.Scale;
    }

    /// <summary>
    /// For a node that multiplies its first input by its second, a constant: whether first inputs that are put together along their
    /// first dimension give their products put together.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="weight">The second input.</param>
    public virtual bool KeepsRowsApart(Node node, Tensor weight) => DenseForm(node) is not null && weight.Dimensions == 2;

    /// <summary>
    /// For a node that multiplies by a weight, its second input: the dimension of the weight, and that of the output, along which units
    /// stand that have nothing to do with each other; null for any other.
    /// </summary>
    public virtual (int OfWeight, int OfOutput)? UnitsAt(Node node) => DenseForm(node) is { } form ? (form.UnitsFirst ? 0 : -1, -1) : null;

    /// <summary>
    /// For a function of each element by itself: the same in managed memory; null where it isn't one, or has no managed
    /// form.
    /// </summary>
    internal virtual ElementFunction? ElementFunction(Node node) => null;

    /// <summary>
    /// For a function of each element of the first input by itself: between which numbers (f(x) − f(y))/(x − y) lies for any two
    /// numbers, which an upper Lipschitz bound by semidefinite programming asks for; null where it isn't one, or is as steep as it likes.
    /// </summary>
    public virtual Interval? GlobalSlopes(in NodeCall call) => null;

    /// <summary>Whether the first output is another in training than in evaluation, random or not.</summary>
    public virtual bool DiffersInTraining => false;

    /// <summary>
    /// For a layer: its weights as a matrix, a row for each unit or output channel, a column for each weight that comes
    /// into it (channels × window of a convolution). Null for a node without weights, or whose weights are no matrix.
    /// </summary>
    /// <inheritdoc cref="DenseWeight"/>
    public virtual Tensor? WeightMatrix(Node node, Func<string, Tensor?> constant) => DenseWeight(node, constant);

    /// <summary>What the input of that index adds to the output, where adding is all that it does.</summary>
    public virtual Offset OffsetAt(int input) => Offset.None;

    /// <summary>Whether the input of that index is only added to what the others give, or taken from it.</summary>
    public bool IsOffset(int input) => OffsetAt(input) != Offset.None;

    /// <summary>Whether the input of that index is a layer's bias.</summary>
    public bool IsBias(int input) => OffsetAt(input) == Offset.Bias;

    /// <summary>
    /// How sums over paths pass through: for each element of the outputs, the sum over all paths to it of the products of
    /// |coefficient|^p. Biases begin no path; all numbers that a maximum chooses from are on paths; an activation
    /// counts with its steepest slope.
    /// </summary>
    /// <returns>The outputs, linear in the inputs on paths; null where a sum over paths means nothing. By default what moves numbers moves
    /// the sums.</returns>
    public virtual Tensor[]? Paths(PathCall call) =>
        Linearity == Linearity.Structural && Run(call.Call) is [{ IsFloatingPoint: true }, ..] outputs ? outputs : null;

    /// <summary>
    /// ‖∂L_i/∂θ‖² of each example i, for a parameter θ that is the node's input of that index, where examples don't
    /// mix: from the node's inputs and the cotangent ∂(Σ L_i)/∂(first output), both batch first.
    /// </summary>
    /// <returns>One number an example; null where there is no rule, and examples must be taken one at a time.</returns>
    public virtual Tensor? SquaredGradientByExample(in NodeCall call, int input, Tensor cotangent) => null;

    /// <summary>
    /// The same summed over several cotangents, for operators that can share among them what depends on the inputs alone.
    /// </summary>
    /// <inheritdoc cref="SquaredGradientByExample"/>
    public virtual Tensor? SquaredGradientsByExample(in NodeCall call, int input, Tensor[] cotangents)
    {
        Tensor? sum = null;
        foreach (var cotangent in cotangents)
        {
            if (SquaredGradientByExample(call, input, cotangent) is not { } part)
            {
                return null;
            }

            sum = sum is null ? part : sum + part;
        }

        return sum;
    }

    /// <summary>
    /// Whether ∂L_i/∂θ of each example i, whole, is the cheapest way to their squares for a parameter that is the node's input of
    /// that index: then <see cref="GradientByExample"/> gives it.
    /// </summary>
    /// <param name="call">The node's inputs, of which only the shapes count.</param>
    /// <param name="input">Which input the parameter is.</param>
    /// <param name="output">The shape of the first output.</param>
    public virtual bool TakesGradientByExample(in NodeCall call, int input, long[] output) => false;

    /// <summary>∂L_i/∂θ of each example i: batch × the parameter's shape.</summary>
    /// <inheritdoc cref="SquaredGradientByExample"/>
    public virtual Tensor? GradientByExample(in NodeCall call, int input, Tensor cotangent) => null;

    /// <summary>Whether <see cref="GradientRows"/> is there for a stored matrix at an input.</summary>
    public virtual bool HasGradientRows(Node node, int input) => false;

    /// <summary>Some rows of the gradient by a stored matrix, or by its transpose, summed over the examples: count × the others.</summary>
    /// <param name="call">The inputs.</param>
    /// <param name="input">Which of them is the matrix.</param>
    /// <param name="cotangent">Of the first output.</param>
    /// <param name="ofTransposed">Whether the rows are those of its transpose: its columns.</param>
    /// <param name="start">The first row.</param>
    /// <param name="count">How many rows.</param>
    public virtual Tensor GradientRows(
        in NodeCall call, int input, Tensor cotangent, bool ofTransposed, long start, long count) => throw new NotSupportedException(Type);

    /// <summary>
    /// For an operator on quantized numbers: nodes that compute the same but for rounding, which are the real numbers that the inputs
    /// stand for, the function of those, quantized. Null for any other, and where the output is no quantized number but a sum of whole
    /// ones.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="name">Gives a name that is free, from one that is wished for.</param>
    public virtual IEnumerable<Node>? InRealNumbers(Node node, Func<string, string> name) => null;

    /// <summary>
    /// Stored tensors that a step of training replaces by outputs of the node, in training mode, without a gradient:
    /// an input, the output that is its next value, and whether it is a variance, which stays 0 or more where it was.
    /// </summary>
    public virtual IReadOnlyList<(int Input, int Output, bool IsVariance)> RunningStatistics => [];
}
