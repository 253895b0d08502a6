using System.Text;

namespace Occam;

/// <summary>Names of members as commands and configurations write them.</summary>
internal static class KebabCase
{
    /// <summary><c>LearningRate</c> as <c>learning-rate</c>, <c>Beta1</c> as <c>beta1</c>.</summary>
    public static string Kebab(string name)
    {
        var text = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]) && !char.IsUpper(name[i - 1]))
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }
}
