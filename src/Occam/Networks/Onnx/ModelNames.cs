using Occam.Data;

namespace Occam.Networks.Onnx;

/// <summary>The names in a model file: they go into messages of one line, and into keys.</summary>
internal static class ModelNames
{
    /// <summary>A name as it is.</summary>
    /// <exception cref="OccamException">It has characters that no name has.</exception>
    public static string Checked(string name) =>
        name.Any(char.IsControl)
            ? throw new OccamException(
                $"the model has the name '{Message.Clean(name)}' with control characters in it: expected printable names")
            : name;
}
