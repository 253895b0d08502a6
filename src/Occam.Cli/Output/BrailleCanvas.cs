using System.Text;

namespace Occam.Cli.Output;

/// <summary>A drawing in characters: each Braille character is two dots wide and four high.</summary>
internal sealed class BrailleCanvas(int columns, int rows)
{
    private const int Blank = 0x2800;

    private static readonly int[,] s_bits = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };

    private readonly int[,] _cells = new int[rows, columns];
    private readonly char?[,] _over = new char?[rows, columns];

    /// <summary>Dots across.</summary>
    public int Width => columns * 2;

    /// <summary>Dots down.</summary>
    public int Height => rows * 4;

    /// <summary>Sets a dot, counted from the top left; those outside are dropped.</summary>
    public void Dot(int x, int y)
    {
        if (x >= 0 && x < Width && y >= 0 && y < Height)
        {
            _cells[y / 4, x / 2] |= s_bits[y % 4, x % 2];
        }
    }

    /// <summary>Draws a straight line between two dots.</summary>
    public void Line(int fromX, int fromY, int toX, int toY)
    {
        var steps = Math.Max(1, Math.Max(Math.Abs(toX - fromX), Math.Abs(toY - fromY)));
        for (var i = 0; i <= steps; i++)
        {
            Dot(fromX + ((toX - fromX) * i / steps), fromY + ((toY - fromY) * i / steps));
        }
    }

    /// <summary>Puts a character over the cell that holds a dot.</summary>
    public void Mark(int x, int y, char character)
    {
        if (x >= 0 && x < Width && y >= 0 && y < Height)
        {
            _over[y / 4, x / 2] = character;
        }
    }

    /// <summary>The drawing, line by line.</summary>
    public IEnumerable<string> Lines()
    {
        for (var row = 0; row < rows; row++)
        {
            var line = new StringBuilder(columns);
            for (var column = 0; column < columns; column++)
            {
                line.Append(_over[row, column] ?? (char)(Blank + _cells[row, column]));
            }

            yield return line.ToString();
        }
    }
}
