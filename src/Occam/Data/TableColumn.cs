using System.Text.RegularExpressions;

namespace Occam.Data;

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Key">How SQL calls it.</param>
/// <param name="Type">Its type, as DuckDB writes it.</param>
internal sealed partial record TableColumn(string Name, string Key, string Type)
{
    /// <summary>Whether it holds encoded pictures: bytes, or a struct of bytes and path as Hugging Face's data sets have.</summary>
    public bool IsPicture => Type == "BLOB" || PictureStruct().IsMatch(Type);

    /// <summary>The bytes of a picture, in SQL.</summary>
    public string PictureBytes => Type == "BLOB" ? Key : $"{Key}.bytes";

    /// <summary>Whether it holds numbers, or lists of them.</summary>
    public bool IsNumeric => Numeric().IsMatch(Type);

    /// <summary>Whether it holds lists.</summary>
    public bool IsList => Type.EndsWith(']');

    /// <summary>Whether it holds whole numbers or truth values.</summary>
    public bool IsWhole => Whole().IsMatch(Type);

    /// <summary>Whether the numbers that it holds, or that its lists hold, are floating or decimal.</summary>
    public bool IsReal => Type.StartsWith("FLOAT", StringComparison.Ordinal)
        || Type.StartsWith("DOUBLE", StringComparison.Ordinal)
        || Type.StartsWith("DECIMAL", StringComparison.Ordinal);

    /// <summary>Whether it holds text.</summary>
    public bool IsText => Type == "VARCHAR" || Type.StartsWith("ENUM(", StringComparison.Ordinal);

    /// <summary>Its numbers in double precision, in SQL.</summary>
    public string Doubles => $"CAST({Key} AS DOUBLE{string.Concat(Sizes().Matches(Type).Select(_ => "[]"))})";

    [GeneratedRegex(@"^STRUCT\(""?bytes""? BLOB, ""?path""? VARCHAR\)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PictureStruct();

    [GeneratedRegex(
        @"^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|BOOLEAN|DECIMAL\(\d+,\d+\))(\[\d*\])*$", RegexOptions.CultureInvariant)]
    private static partial Regex Numeric();

    [GeneratedRegex(@"^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|BOOLEAN)$", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex(@"\[\d*\]", RegexOptions.CultureInvariant)]
    private static partial Regex Sizes();
}
