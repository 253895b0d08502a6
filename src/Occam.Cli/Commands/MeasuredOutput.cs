using Occam.Cli.Options;
using Occam.Cli.Output;
using Occam.Cli.Running;
using Occam.Data;
using Occam.Lab.Documents;
using Occam.Lab.Measuring;
using Occam.Lab.Measuring.Pages;
using Occam.Lab.PaperItems.Results;

namespace Occam.Cli.Commands;

/// <summary>What was measured, wherever results go: from one run over the data, or from shards.</summary>
internal static class MeasuredOutput
{
    /// <summary>Writes and prints it.</summary>
    /// <param name="session">Where it is printed.</param>
    /// <param name="outputs">Where else it goes.</param>
    /// <param name="measured">What was measured.</param>
    /// <param name="options">What was taken of the data.</param>
    /// <param name="perExample">Whether JSON has the values of each example.</param>
    /// <param name="command">The command, for the page.</param>
    /// <param name="baseline">What it is held against; null for nothing.</param>
    public static void Show(
        Session session, OutputOptions.Outputs outputs, MeasuredNetwork measured, DataOptions options, bool perExample, string command,
        Baseline? baseline = null)
    {
        outputs.Write(
            session, () => MeasureDocument.Of(measured, options, perExample),
            () => MeasurePage.Of(measured, command, baseline, MeasureClaims.Of));

        if (!outputs.JsonIsTheResult)
        {
            Terminal.Print(session, console => MeasureTable.Print(console, measured, baseline));
        }
    }
}
