using System.Collections.Immutable;
using Occam.Lab.Experiments.Loukas2021;
using Occam.Lab.Reports;
using static Occam.Lab.Tests.Experiments.MadeUp.MadeUpTrajectories;

namespace Occam.Lab.Tests.Experiments.MadeUp;

/// <summary>bth-6: regions on a line through the origin, from there outwards.</summary>
internal sealed class RegionsOnThePlaneRuns() : MadeUpRuns<ImmutableArray<RegionPicture>>(new RegionsOnThePlane())
{
    private const int Count = 40;
    private const int Seeds = 5;

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, ImmutableArray<RegionPicture> Runs, (string Claim, Verdict Verdict)[] Expected)> Runs =>
    [
        ("as the paper says", Pictures(area: i => 1 + i, lipschitz: i => i < Count / 2 ? 1 : 2, looseness: 4),
            [
                ("theorem-2", Verdict.Reproduced), ("about-four", Verdict.Reproduced), ("silent-somewhere", Verdict.Reproduced),
                ("small-near-origin", Verdict.Reproduced), ("clustered", Verdict.Reproduced),
            ]),
        ("the other way", Pictures(area: i => Count - i, lipschitz: i => 1 + (i % 2), looseness: 0.5, silent: 0),
            [
                ("theorem-2", Verdict.NotReproduced), ("about-four", Verdict.NotReproduced), ("silent-somewhere", Verdict.NotReproduced),
                ("small-near-origin", Verdict.NotReproduced), ("clustered", Verdict.NotReproduced),
            ]),
        ("bounds twenty times the constants", Pictures(i => 1 + i, i => 1, looseness: 20),
            [("theorem-2", Verdict.Reproduced), ("about-four", Verdict.NotReproduced)]),
        ("bounds eight times the constants, at the edge of about four", Pictures(i => 1 + i, i => 1, looseness: 8),
            [("about-four", Verdict.Undecided)]),
        ("areas that hardly go with the distance, alike in all networks", Pictures(i => 1 + (i % 2), i => 1, looseness: 4),
            [("small-near-origin", Verdict.Undecided)]),
        ("as the paper says in three networks, the other way in two",
            Mixed(
                Pictures(area: i => 1 + i, lipschitz: i => i < Count / 2 ? 1 : 2, looseness: 4),
                Pictures(area: i => Count - i, lipschitz: i => 1 + (i % 2), looseness: 4), run => run.Seed),
            [("small-near-origin", Verdict.Undecided), ("clustered", Verdict.Undecided)]),
        ("as the paper says, of networks that fit nothing",
            Pictures(i => 1 + i, i => i < Count / 2 ? 1 : 2, looseness: 4, left: 0.8),
            [
                ("theorem-2", Verdict.Reproduced), ("about-four", Verdict.Undecided), ("silent-somewhere", Verdict.Undecided),
                ("small-near-origin", Verdict.Undecided), ("clustered", Verdict.Undecided),
            ]),
        ("a third of the bounded regions are flat, which hardly moves the median",
            Pictures(i => 1 + i, i => i % 3 == 0 ? 0 : 1, looseness: 4, bound: _ => 4),
            [("theorem-2", Verdict.Reproduced), ("about-four", Verdict.Reproduced)]),
        ("a third of the bounded regions are flat, which moves the median beyond eight",
            Pictures(i => 1 + i, i => i % 3 == 0 ? 0 : 1, looseness: 1, bound: i => 2 + (i / 4.0)),
            [("about-four", Verdict.NotReproduced)]),
        ("most bounded regions are flat, and have no factor",
            Pictures(i => 1 + i, i => i % 3 == 0 ? 1 : 0, looseness: 4, bound: _ => 4),
            [("theorem-2", Verdict.Reproduced), ("about-four", Verdict.Undecided)]),
        ("most regions are flat, and their bounds say so",
            Pictures(i => 1 + i, i => i % 3 == 0 ? 1 : 0, looseness: 4), [("about-four", Verdict.Reproduced)]),
        ("no region has a bound", Pictures(i => 1 + i, i => 1, looseness: 4, silent: Count),
            [("theorem-2", Verdict.Undecided), ("about-four", Verdict.Undecided), ("silent-somewhere", Verdict.Reproduced)]),
    ];

    private static ImmutableArray<RegionPicture> Pictures(
        Func<int, double> area, Func<int, double> lipschitz, double looseness, int silent = 5, double left = 0.01,
        Func<int, double>? bound = null) =>
    [
        .. Enumerable.Range(0, Seeds).Select(seed => new RegionPicture(
            seed,
            left,
            [.. Enumerable.Range(0, Count).Select(i => new PlaneRegion(
                (i + 1.0) / Count, 0, area(i), 0, lipschitz(i), i == silent ? 1 : 0,
                i == silent ? double.NaN : i < silent ? double.PositiveInfinity :
                    Spread(bound?.Invoke(i) ?? lipschitz(i) * looseness, seed), []))])),
    ];
}
