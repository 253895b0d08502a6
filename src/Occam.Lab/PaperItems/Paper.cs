using System.Collections.Immutable;

namespace Occam.Lab.PaperItems;

/// <summary>A paper that Occam implements: a file of <c>Data</c>, read by <see cref="PaperCatalogue"/>.</summary>
/// <param name="Id">Its short name, which the ids of its items begin with.</param>
/// <param name="Title">Its title.</param>
/// <param name="Authors">Authors and year, as figures name it.</param>
/// <param name="Citation">The first author and year, as measures and theorems cite it.</param>
/// <param name="Items">All that it says, from its first line to its last.</param>
public sealed record Paper(string Id, string Title, string Authors, string Citation, ImmutableArray<PaperItem> Items);
