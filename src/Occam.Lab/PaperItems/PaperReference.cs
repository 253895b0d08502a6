namespace Occam.Lab.PaperItems;

/// <summary>Something in one of Occam's catalogues, written as <c>measure:dirichlet-energy</c>.</summary>
/// <param name="Kind">Which catalogue: the id of a <see cref="ReferenceCatalogue"/>.</param>
/// <param name="Name">The name in it.</param>
public readonly record struct PaperReference(string Kind, string Name)
{
    /// <summary>The figure that is meant, by itself or by one of its claims; null where none is.</summary>
    public string? Figure => Kind switch
    {
        ReferenceCatalogue.Figure => Name,
        ReferenceCatalogue.Claim => Name.Split('/')[0],
        _ => null,
    };

    /// <summary>Reads a reference; one without a colon has no kind, which is a problem.</summary>
    public static PaperReference Parse(string text) => text.Split(':', 2) is [var kind, var name] ? new(kind, name) : new("", text);

    /// <summary>Why there is no such thing, and what to do; null where there is.</summary>
    public string? Problem()
    {
        if (ReferenceCatalogue.All.GetValueOrDefault(Kind) is not { } catalogue)
        {
            return $"'{this}' is of no known kind: expected KIND:NAME, KIND one of {string.Join(", ", ReferenceCatalogue.All.Keys)}";
        }

        return catalogue.Names.Contains(Name)
            ? null
            : $"there is no {Kind} '{Name}'{Nearest.Hint(Name, catalogue.Names)} {catalogue.Lists}";
    }

    /// <inheritdoc/>
    public override string ToString() => Kind.Length == 0 ? Name : $"{Kind}:{Name}";
}
