namespace Occam.Lab.Reports;

/// <summary>A building block of a <see cref="Page"/>.</summary>
public abstract record Block
{
    internal abstract void Render(HtmlBuilder html);
}
