using System.Collections.Immutable;
using Occam.Theory;

namespace Occam.Cli.Output;

/// <summary>What was checked, and what was found.</summary>
/// <param name="Path">The network's file.</param>
/// <param name="Context">What it was checked on.</param>
/// <param name="Results">What was found, in the order asked for.</param>
internal sealed record Verification(string Path, TheoryContext Context, ImmutableArray<TheoremResult> Results);
