namespace Occam.Fuzz;

/// <summary>A kind of files: sound ones, ways to spoil them, and what is done with one.</summary>
internal abstract class Family
{
    /// <summary>What the command line calls it.</summary>
    public abstract string Name { get; }

    /// <summary>How many of a thousand inputs are of this family.</summary>
    public abstract int Share { get; }

    /// <summary>All families.</summary>
    public static IReadOnlyList<Family> All { get; } =
    [
        new Families.NetworkFamily(), new Families.ArchiveFamily(), new Families.TableFamily(), new Families.WeightFamily(),
        new Families.ConfigurationFamily(), new Families.RunFamily(), new Families.ResultFamily(),
    ];

    /// <summary>Makes the sound files, where that takes more than memory: what fails here is no outcome of an input.</summary>
    public virtual void Prepare()
    {
    }

    /// <summary>Spoils a sound file, one of this family's, as the seed says; and does what the program would do with it.</summary>
    /// <param name="random">Seeded for this input alone.</param>
    /// <param name="folder">An empty folder; what is left there is removed.</param>
    /// <exception cref="OccamException">It was refused.</exception>
    public abstract void Try(SeededRandom random, string folder);
}
