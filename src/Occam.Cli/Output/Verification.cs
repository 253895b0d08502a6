using System.Collections.Immutable;
using Occam.Networks.Loading;
using Occam.Theory;

namespace Occam.Cli.Output;

/// <summary>What was checked, and what was found.</summary>
/// <param name="Loaded">The network as it was loaded.</param>
/// <param name="Context">What it was checked on.</param>
/// <param name="Results">What was found, in the order asked for.</param>
internal sealed record Verification(LoadedNetwork Loaded, TheoryContext Context, ImmutableArray<TheoremResult> Results);
