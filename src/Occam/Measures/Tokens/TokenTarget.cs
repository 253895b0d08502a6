namespace Occam.Measures.Tokens;

/// <summary>What a network of token sequences predicts at a position.</summary>
public enum TokenTarget
{
    /// <summary>The token after it: a causal language model.</summary>
    Next,

    /// <summary>The token at it: a model that sees the whole sequence.</summary>
    Same,

    /// <summary>A class of the whole sequence.</summary>
    Class,

    /// <summary>Nothing: the outputs are features of the sequence, such as hidden states, and have no loss.</summary>
    Features,
}
