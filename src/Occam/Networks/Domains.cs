namespace Occam.Networks;

/// <summary>The operator sets beside ONNX's own that Occam knows.</summary>
internal static class Domains
{
    /// <summary>The operators that ONNX Runtime fuses layers of transformers into.</summary>
    public const string Microsoft = "com.microsoft";
}
