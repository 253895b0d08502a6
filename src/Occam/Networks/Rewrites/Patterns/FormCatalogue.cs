namespace Occam.Networks.Rewrites.Patterns;

/// <summary>The functions that are put together again, in the order in which they are looked for.</summary>
internal static class FormCatalogue
{
    public static IReadOnlyList<Form> All { get; } =
    [
        new GeluForm(),
        new TanhGeluForm(),
        new SwishForm(),
        new SoftplusForm(),
        new MishForm(),
        new HardSwishForm(),
        new LayerNormForm(),
        new RmsNormForm(),
        new AttentionForm(),
    ];
}
