using System.Collections.Immutable;
using Occam.Derivatives;
using Occam.Torch;

namespace Occam.Measures.Tokens;

/// <summary>
/// Where a network of token sequences is steep: for one sequence e ∈ R^(T × d) of embedded tokens, how much the output moves with each
/// token, and how much each prediction's loss does.
/// <para>
/// The squared norms ‖∂f/∂e_t‖_F² of the logits' Jacobian by position add up to ‖J(e)‖_F², the geometric complexity at this one example
/// (Dherin et al. 2022, Def. 2.1). The influence ‖∂ℓ_s/∂e_t‖₂ of token t on the loss ℓ_s = −log p_s(y_s) at position s is exact, one
/// reverse pass a position.
/// </para>
/// <para>
/// The target y_s is the next token where the model is causal, which is found out: its first logits don't move with later tokens. It
/// is the token at s itself where it isn't, as in a masked language model, which sees what it is asked for; these losses are no
/// perplexity. A network with one output for the whole sequence has one row of influence: that on the loss of the class that it chooses.
/// Outputs as many as an embedding has numbers, of <see cref="FewestFeatures"/> or more, are features of the text (hidden states, a
/// sentence's embedding), which have no loss.
/// </para>
/// </summary>
public sealed record TokenSlopes
{
    /// <summary>The widest embedding whose singular values are computed: beyond it, their matrices are larger than the rest.</summary>
    internal const int WidestSpectrum = 512;

    /// <summary>Fewer outputs may be classes, or a small vocabulary, that happen to be as many as an embedding's numbers.</summary>
    internal const int FewestFeatures = 64;

    private const int NoTarget = -1;
    private const int UsualDirections = 16;

    /// <summary>‖∂f/∂e_t‖_F² by position t.</summary>
    public required ImmutableArray<Uncertain> SquaredNorms { get; init; }

    /// <summary>
    /// ‖∂ℓ_s/∂e_t‖₂, by position s of the prediction, or one row where the output has no positions; in it by position t of the token.
    /// </summary>
    public required ImmutableArray<ImmutableArray<double>> Influence { get; init; }

    /// <summary>ℓ_s = −log p_s(y_s) in nats, by row of <see cref="Influence"/>.</summary>
    public required ImmutableArray<double> Losses { get; init; }

    /// <summary>f_s[y_s] − max_{j≠y_s} f_s[j], how far the logit of y_s is above every other, by row of <see cref="Influence"/>.</summary>
    public ImmutableArray<double> Margins { get; init; } = [];

    /// <summary>y_s by row of <see cref="Influence"/>: a token, or a class.</summary>
    public required ImmutableArray<int> Targets { get; init; }

    /// <summary>What the predictions are of.</summary>
    public required TokenTarget Target { get; init; }

    /// <summary>
    /// The singular values of ∂f/∂e_t by position t, the largest first; empty where the norms are estimated, or the embedding is wider
    /// than <see cref="WidestSpectrum"/>.
    /// </summary>
    public ImmutableArray<ImmutableArray<double>> SingularValues { get; init; } = [];

    /// <summary>
    /// The effective rank of ∂f/∂e_t by position, exp H of the singular values' shares σ_i/Σσ (Roy &amp; Vetterli 2007, Def. 1): between 1
    /// and d, how many directions of the embedding the output moves with; 0 where it moves with none. Empty as the singular values are.
    /// </summary>
    public ImmutableArray<double> EffectiveRanks => [.. SingularValues.Select(EffectiveRank)];

    /// <summary>How the squared norms were estimated; null where they are exact.</summary>
    public string? Note { get; init; }

    /// <summary>exp of the mean loss over the predictions: the perplexity of a causal model on this sequence; null for others.</summary>
    public double? Perplexity => Target == TokenTarget.Next && !Losses.IsEmpty ? Math.Exp(Losses.Average()) : null;

    /// <summary>Measures one sequence.</summary>
    /// <param name="context">The network and the data.</param>
    /// <param name="example">The sequence's number.</param>
    /// <param name="tokens">Its tokens, as many as the function's input has positions.</param>
    /// <exception cref="OccamException">The function's input has no positions, or not as many as there are tokens.</exception>
    public static TokenSlopes Measure(MeasureContext context, int example, IReadOnlyList<int> tokens)
    {
        if (context.ExampleShape.Length != 2 || context.ExampleShape[0] != tokens.Count)
        {
            throw new OccamException($"the function's input is {string.Join("×", context.ExampleShape)}: expected {tokens.Count} positions "
                + "(tokens) of some numbers each; --input NODE chooses the value that embeds the tokens");
        }

        using var scope = Libtorch.NewDisposeScope();
        var batch = context.Batch([example]);
        var (norms, singularValues, note) = Norms(context, batch);
        using var grad = Libtorch.EnableGrad();
        var leaf = batch.Inputs.Detach().RequireGrad();
        var logits = Rows(context, batch.Function.Forward(leaf));
        if (!logits.RequiresGrad)
        {
            throw new OccamException("the output doesn't depend on the embedded tokens by any path that can be differentiated");
        }

        var target = logits.Size(1) == leaf.Size(2) && leaf.Size(2) >= FewestFeatures ? TokenTarget.Features
            : logits.Size(0) != tokens.Count ? TokenTarget.Class
            : IsCausal(logits, leaf) ? TokenTarget.Next
            : TokenTarget.Same;
        var targets = Targeted(target, tokens, logits);
        if (targets.FirstOrDefault(wanted => wanted >= logits.Size(1), NoTarget) is >= 0 and var outside)
        {
            throw new OccamException($"the token {outside} is none of the {logits.Size(1)} that the network predicts");
        }

        var losses = -logits.LogSoftmax(1);
        var (influence, values, margins) = (new List<ImmutableArray<double>>(), new List<double>(), new List<double>());
        for (var s = 0; s < targets.Length; s++)
        {
            context.Options.Cancellation.ThrowIfCancellationRequested();
            using var own = Libtorch.NewDisposeScope();
            var loss = losses.Select(0, s).Select(0, targets[s]);
            values.Add(loss.Detach().To(ScalarType.Float64).Item());
            margins.Add(Margin(logits.Detach().Select(0, s), targets[s]));
            influence.Add(Lengths(Autograd.Grad(loss, leaf, Tensor.OnesLike(loss), retainGraph: s < targets.Length - 1)));
        }

        return new TokenSlopes
        {
            SquaredNorms = norms,
            SingularValues = singularValues,
            Influence = [.. influence],
            Losses = [.. values],
            Margins = [.. margins],
            Targets = targets,
            Target = target,
            Note = note,
        };
    }

    private static (ImmutableArray<Uncertain> Norms, ImmutableArray<ImmutableArray<double>> SingularValues, string? Note) Norms(
        MeasureContext context, ExampleBatch batch)
    {
        var slopes = new PositionSlopes(batch.Function, context.Outputs);
        var (passes, asked, x) = (slopes.Passes, context.Options.Directions, batch.Inputs);
        if ((asked is null && (context.Options.Exact || passes <= MeasureOptions.MostExactRows)) || asked >= passes)
        {
            if (x.Size(2) > WidestSpectrum)
            {
                return ([.. slopes.Exact(x, batch.Progress).Select(Uncertain.Exact)], [], null);
            }

            var squares = slopes.Grams(x, batch.Progress).EigenvaluesSymmetric();
            var (flat, width) = (squares.ToArray<double>(), (int)squares.Size(1));
            ImmutableArray<ImmutableArray<double>> values =
                [.. flat.Chunk(width).Select(part => part.Select(square => Math.Sqrt(Math.Max(square, 0))).Reverse().ToImmutableArray())];
            return ([.. flat.Chunk(width).Select(part => Uncertain.Exact(part.Sum()))], values, null);
        }

        var directions = Math.Max(asked ?? UsualDirections, 2);
        using var generator = new Generator(context.Options.RandomSeed);
        var left = Math.Sqrt(1 - ((double)directions / passes));
        return (
            [
                .. slopes.Estimates(x, directions, generator, batch.Progress).Select(sample =>
                    Uncertain.Mean(sample) is var mean ? mean with { StandardError = mean.StandardError * left } : default),
            ],
            [],
            $"squared norms estimated by {directions} random directions of {passes}");
    }

    private static double EffectiveRank(ImmutableArray<double> values)
    {
        var sum = values.Sum();
        return sum == 0 ? 0 : Math.Exp(values.Where(value => value > 0).Sum(value => -value / sum * Math.Log(value / sum)));
    }

    // Positions × classes, or one row.
    private static Tensor Rows(MeasureContext context, Tensor output) =>
        context.OutputShape.Length == 2 ? output.Reshape(context.OutputShape) : output.Reshape(1, -1);

    private static bool IsCausal(Tensor logits, Tensor leaf)
    {
        if (logits.Size(0) < 2)
        {
            return true;
        }

        // The square of every logit, that no two cancel.
        var first = logits.Select(0, 0).Square().Sum();
        var slopes = Lengths(Autograd.Grad(first, leaf, Tensor.OnesLike(first), retainGraph: true));
        return slopes.Skip(1).All(length => length == 0);
    }

    private static ImmutableArray<int> Targeted(TokenTarget target, IReadOnlyList<int> tokens, Tensor logits) => target switch
    {
        TokenTarget.Next => [.. tokens.Skip(1)],
        TokenTarget.Same => [.. tokens],
        TokenTarget.Features => [],
        _ => [.. logits.Detach().ArgMax(1).ToArray<long>().Select(row => (int)row)],
    };

    // Of a single logit, as against another class of logit 0.
    private static double Margin(Tensor logits, int target)
    {
        var values = logits.ToArray<double>();
        var own = values[target];
        values[target] = double.NegativeInfinity;
        return own - (values.Length == 1 ? 0 : values.Max());
    }

    private static ImmutableArray<double> Lengths(Tensor gradient)
    {
        using var scope = Libtorch.NewDisposeScope();
        return [.. gradient.Detach().To(ScalarType.Float64).Reshape(gradient.Size(1), -1).Norm([1]).ToArray<double>()];
    }
}
