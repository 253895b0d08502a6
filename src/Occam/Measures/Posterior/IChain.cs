namespace Occam.Measures.Posterior;

/// <summary>A Markov chain of weights.</summary>
internal interface IChain
{
    /// <summary>Goes from w* to where draws are taken, and finds the size of its steps.</summary>
    /// <param name="draws">For how many draws' time.</param>
    /// <param name="drawn">Called after each.</param>
    void Warm(int draws, Action drawn);

    /// <summary>The next draw.</summary>
    ChainDraw Draw();

    /// <summary>The size of a step.</summary>
    double Step { get; }
}
