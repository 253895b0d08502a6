using Occam.Lab.Measuring;
using Spectre.Console;

namespace Occam.Cli.Running;

/// <summary>A bar for each step of long work, with the time left; gone when the work is done.</summary>
internal static class ProgressDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    public static void Show(Session session, WorkProgress progress, Task done)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(session.Error) });
        console.Progress().AutoClear(true).HideCompleted(false)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
                new RemainingTimeColumn(), new SpinnerColumn())
            .Start(display => Follow(display, console, progress, done));
    }

    private static void Follow(ProgressContext display, IAnsiConsole console, WorkProgress progress, Task done)
    {
        var bars = new List<ProgressTask>();
        while (!done.IsCompleted)
        {
            foreach (var line in progress.TakeLines())
            {
                console.WriteLine(line);
            }

            var steps = progress.Steps;
            for (var i = 0; i < steps.Count; i++)
            {
                if (i == bars.Count)
                {
                    bars.Add(display.AddTask(Markup.Escape(steps[i].Name), maxValue: 1));
                }

                bars[i].Value = steps[i].Share;
            }

            // The task's own failure is told by whoever waits for its result.
            Task.WhenAny(done, Task.Delay(Interval)).Wait();
        }
    }
}
