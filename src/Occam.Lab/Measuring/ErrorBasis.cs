namespace Occam.Lab.Measuring;

/// <summary>What the standard error of a difference comes from.</summary>
public enum ErrorBasis
{
    /// <summary>Both values are exact and no mean over examples: the difference has no error.</summary>
    Exact,

    /// <summary>The differences example by example: how much their mean would vary over other examples.</summary>
    Paired,

    /// <summary>
    /// The examples drawn again with replacement: how much the difference of two quantiles would vary over other examples.
    /// </summary>
    Resampled,

    /// <summary>The standard errors of the two estimates, combined.</summary>
    StandardErrors,

    /// <summary>The residuals of iterated values, added.</summary>
    Residuals,

    /// <summary>No error is known: at least one value is a bound or the end of a search.</summary>
    Unknown,
}
