namespace Occam.Lab.Reports.Charts;

/// <summary>Colours for a quantity; in each, lightness changes along with the hue, so that the order is seen without hues too.</summary>
public enum Ramp
{
    /// <summary>From green over amber to red: complexity, or a setting that makes things more complex.</summary>
    Complexity,

    /// <summary>Blue below zero, orange above, faint around it: the values of a function.</summary>
    Diverging,

    /// <summary>From faint to strong blue: an amount.</summary>
    Sequential,
}
