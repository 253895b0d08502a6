using System.Globalization;
using Occam.Cli.Running;
using Occam.Lab.Runs.Store;
using Occam.Lab.Runs.Sweeps;
using Occam.Lab.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Occam.Cli.Output;

/// <summary>Shows a sweep as it goes on: a picture that moves for a person, a line for each run that ended for a file.</summary>
internal static class SweepDisplay
{
    private const int BarWidth = 40;
    private static readonly TimeSpan s_frame = TimeSpan.FromMilliseconds(250);

    /// <summary>Shows it until it is done.</summary>
    public static void Show(Session session, SweepProgress progress, Task done)
    {
        if (!session.ErrorIsTerminal)
        {
            done.ContinueWith(_ => { }, TaskScheduler.Default).Wait();
            return;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(session.Error) });
        console.Live(Picture(progress)).AutoClear(true).Overflow(VerticalOverflow.Ellipsis).Start(live =>
        {
            while (!((IAsyncResult)done).AsyncWaitHandle.WaitOne(s_frame))
            {
                live.UpdateTarget(Picture(progress));
            }
        });
    }

    /// <summary>The end of a run in a line.</summary>
    public static string Line(SweepProgress progress, SweepRunEnd end) =>
        $"{progress.Ends.Length} of {progress.Count}: {end.Run.Name} {RunListTable.State(end.State)}: {end.Why}{Left(progress)}";

    private static IRenderable Picture(SweepProgress progress)
    {
        var (ends, share) = (progress.Ends, progress.Share);
        var filled = (int)(share * BarWidth);
        var failed = ends.Count(end => end.State is RunState.Failed or RunState.Diverged);
        var lines = new List<IRenderable>
        {
            new Paragraph()
                .Append(new string('━', filled), Terminal.Good).Append(new string('━', BarWidth - filled), Terminal.Dim)
                .Append(string.Create(CultureInfo.InvariantCulture, $" {100 * share,3:0} %  {ends.Length} of {progress.Count} runs"))
                .Append(failed > 0 ? $", {failed} failed or diverged" : "", Terminal.Bad)
                .Append(Left(progress), Terminal.Dim),
        };
        lines.AddRange(progress.UnderWay.Select(pair => (IRenderable)new Paragraph()
            .Append(pair.Run.Name, Terminal.Strong)
            .Append(string.Create(CultureInfo.InvariantCulture, $" {100 * pair.Share,3:0} %  "))
            .Append(pair.Run.Description, Terminal.Dim)));
        return new Rows(lines);
    }

    private static string Left(SweepProgress progress) => progress.Left is { TotalSeconds: >= 1 and < 1e8 } left
        ? $"; {NumberText.Clock(left)} left"
        : "";
}
