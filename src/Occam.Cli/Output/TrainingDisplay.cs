using System.Globalization;
using Occam.Cli.Running;
using Occam.Lab.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Occam.Cli.Output;

/// <summary>Shows a training as it goes on: a picture that moves for a person, a line now and then for a file.</summary>
internal static class TrainingDisplay
{
    private const int BarWidth = 40;
    private const int SparklineWidth = 32;
    private const int MostMetrics = 16;
    private static readonly TimeSpan s_frame = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_line = TimeSpan.FromSeconds(5);

    /// <summary>Shows it until it is done.</summary>
    public static void Show(Session session, TrainingView view, Task done)
    {
        if (session.ErrorIsTerminal)
        {
            var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(session.Error) });
            console.Live(Picture(view)).AutoClear(true).Overflow(VerticalOverflow.Ellipsis).Start(live =>
            {
                while (!Wait(done, s_frame))
                {
                    live.UpdateTarget(Picture(view));
                }
            });
            return;
        }

        while (!Wait(done, s_line))
        {
            if (view.HasBegun)
            {
                session.Note(Line(view));
            }
        }
    }

    private static string Line(TrainingView view)
    {
        var metrics = view.Metrics.Take(MostMetrics)
            .Select(metric => $"{metric.Name} {NumberText.Plain(metric.History.Last)}")
            .DefaultIfEmpty($"loss {NumberText.Plain(view.Loss)}");
        return $"step {view.Step}/{view.Steps}, epoch {Epoch(view)}: {string.Join(", ", metrics)}; {Pace(view)}";
    }

    private static IRenderable Picture(TrainingView view)
    {
        if (!view.HasBegun)
        {
            return Terminal.Text("reading the data, making the network …", Terminal.Dim);
        }

        var share = view.Steps == 0 ? 1 : (double)view.Step / view.Steps;
        var filled = (int)(share * BarWidth);
        var bar = new Paragraph()
            .Append(new string('━', filled), Terminal.Good).Append(new string('━', BarWidth - filled), Terminal.Dim)
            .Append(string.Create(CultureInfo.InvariantCulture, $" {100 * share,3:0} %  ")).Append(Pace(view), Terminal.Dim);
        var metrics = new Grid()
            .AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 3, 0) })
            .AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 3, 0) }.RightAligned())
            .AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 0, 0) });
        metrics.AddRow(Terminal.Text("loss of the last step", Terminal.Dim), Terminal.Text(NumberText.Plain(view.Loss)), Terminal.Text(""));
        var all = view.Metrics;
        foreach (var (name, history) in all.Take(MostMetrics))
        {
            metrics.AddRow(
                Terminal.Text(name, Terminal.Strong), Terminal.Text(NumberText.Plain(history.Last)),
                Terminal.Text(history.Sparkline(SparklineWidth), Terminal.Dim));
        }

        if (all.Count > MostMetrics)
        {
            metrics.AddRow(Terminal.Text($"and {all.Count - MostMetrics} more", Terminal.Dim));
        }

        return new Rows(
            new Paragraph().Append(view.Folder, Terminal.Strong).Append(
                $"  step {NumberText.Count(view.Step)} of {NumberText.Count(view.Steps)}, epoch {Epoch(view)}, {view.Engine}",
                Terminal.Dim),
            bar,
            metrics);
    }

    private static string Epoch(TrainingView view) =>
        string.Create(
            CultureInfo.InvariantCulture, $"{(double)view.Step / view.StepsPerEpoch:0.#} of {(double)view.Steps / view.StepsPerEpoch:0.#}");

    private static string Pace(TrainingView view) =>
        $"{NumberText.Plain(view.Rate)} steps/s{(view.Left is { } left ? $", {NumberText.Clock(left)} left" : "")}";

    // The task's own failure is told by whoever waits for its result.
    private static bool Wait(Task done, TimeSpan time)
    {
        Task.WhenAny(done, Task.Delay(time)).Wait();
        return done.IsCompleted;
    }
}
