namespace Occam.Lab.Experiments.Contract;

/// <summary>A run of a figure: one of several seeds at one of several levels.</summary>
internal interface ISeededRun
{
    /// <summary>What it has in common with the runs of other seeds, as <c>ω = 0.5</c>.</summary>
    string Group { get; }

    /// <summary>The group's place in the order, and along the figure's axis.</summary>
    double Level { get; }

    /// <summary>The seed of all that is random in it.</summary>
    int Seed { get; }
}
