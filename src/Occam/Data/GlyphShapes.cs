namespace Occam.Data;

/// <summary>The ten digits, each in the ways that people write it.</summary>
internal static class GlyphShapes
{
    private static readonly GlyphStroke[] Zero =
        [new GlyphStroke(0, -.5).Curve(-.36, -.5, -.36, .5, 0, .5).Curve(.36, .5, .36, -.5, 0, -.5)];

    private static readonly GlyphStroke[] OneBare = [new GlyphStroke(.02, -.5).Line(0, .5)];

    private static readonly GlyphStroke[] OneWithFlag = [new GlyphStroke(-.2, -.26).Line(.03, -.5).Line(.03, .5)];

    private static readonly GlyphStroke[] OneWithFoot =
        [new GlyphStroke(-.16, -.32).Line(.02, -.5).Line(.02, .5), new GlyphStroke(-.18, .5).Line(.22, .5)];

    private static readonly GlyphStroke[] Two =
        [new GlyphStroke(-.27, -.25).Curve(-.25, -.6, .29, -.6, .27, -.2).Curve(.26, .05, -.12, .25, -.3, .5).Line(.3, .5)];

    private static readonly GlyphStroke[] TwoWithLoop =
    [
        new GlyphStroke(-.26, -.3).Curve(-.2, -.6, .28, -.56, .25, -.2).Curve(.22, .12, -.1, .36, -.22, .44)
            .Curve(-.34, .5, -.34, .24, -.14, .36).Curve(.0, .44, .14, .54, .3, .42),
    ];

    private static readonly GlyphStroke[] Three =
    [
        new GlyphStroke(-.25, -.4).Curve(-.1, -.55, .26, -.56, .25, -.27).Curve(.24, -.06, .05, -.03, -.08, -.03)
            .Curve(.1, -.03, .31, .02, .3, .24).Curve(.29, .57, -.12, .57, -.28, .38),
    ];

    private static readonly GlyphStroke[] FourOpen =
        [new GlyphStroke(-.16, -.48).Line(-.27, .08).Line(.3, .06), new GlyphStroke(.16, -.4).Line(.12, .5)];

    private static readonly GlyphStroke[] FourClosed = [new GlyphStroke(.12, .5).Line(.12, -.5).Line(-.3, .17).Line(.3, .17)];

    private static readonly GlyphStroke[] Five =
    [
        new GlyphStroke(.27, -.5).Line(-.19, -.5).Line(-.24, -.06).Curve(0, -.2, .3, -.12, .29, .17)
            .Curve(.28, .55, -.12, .58, -.28, .4),
    ];

    private static readonly GlyphStroke[] Six =
    [
        new GlyphStroke(.2, -.5).Curve(-.1, -.42, -.28, -.1, -.27, .2).Curve(-.26, .6, .28, .6, .27, .2)
            .Curve(.26, -.1, -.2, -.12, -.27, .2),
    ];

    private static readonly GlyphStroke[] Seven = [new GlyphStroke(-.28, -.48).Line(.28, -.48).Curve(.1, -.2, -.05, .1, -.1, .5)];

    private static readonly GlyphStroke[] SevenWithBar = [.. Seven, new GlyphStroke(-.14, .02).Line(.2, 0)];

    private static readonly GlyphStroke[] Eight =
    [
        new GlyphStroke(0, -.04).Curve(-.32, -.12, -.28, -.5, 0, -.5).Curve(.28, -.5, .32, -.12, 0, -.04)
            .Curve(-.38, .08, -.36, .5, 0, .5).Curve(.36, .5, .38, .08, 0, -.04),
    ];

    private static readonly GlyphStroke[] NineStraight =
    [
        new GlyphStroke(.26, -.24).Curve(.2, .1, -.27, .08, -.26, -.2).Curve(-.25, -.58, .24, -.6, .26, -.24)
            .Curve(.26, .05, .2, .3, .14, .5),
    ];

    private static readonly GlyphStroke[] NineCurled =
    [
        new GlyphStroke(.26, -.24).Curve(.2, .1, -.27, .08, -.26, -.2).Curve(-.25, -.58, .24, -.6, .26, -.24)
            .Curve(.28, .2, .2, .56, -.2, .48),
    ];

    /// <summary>The ways to write each digit: [digit][way][stroke].</summary>
    public static readonly GlyphStroke[][][] Digits =
    [
        [Zero],
        [OneBare, OneWithFlag, OneWithFoot],
        [Two, TwoWithLoop],
        [Three],
        [FourOpen, FourClosed],
        [Five],
        [Six],
        [Seven, SevenWithBar],
        [Eight],
        [NineStraight, NineCurled],
    ];
}
