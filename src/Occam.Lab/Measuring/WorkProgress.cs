using Occam.Lab.Experiments.Contract;

namespace Occam.Lab.Measuring;

/// <summary>How far long work is: steps that begin one after the other, each from 0 to 1. One thread writes, another reads.</summary>
public sealed class WorkProgress : IExperimentProgress
{
    private readonly Lock _lock = new();
    private readonly List<Step> _steps = [];
    private readonly List<string> _lines = [];

    /// <summary>What stands before the names of steps that begin from now on.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>The steps so far.</summary>
    public IReadOnlyList<Step> Steps
    {
        get
        {
            lock (_lock)
            {
                return [.. _steps];
            }
        }
    }

    /// <summary>Lines to be said since the last call.</summary>
    public IReadOnlyList<string> TakeLines()
    {
        lock (_lock)
        {
            string[] lines = [.. _lines];
            _lines.Clear();
            return lines;
        }
    }

    /// <summary>Says a line beside the results, such as what long work will take.</summary>
    public void Say(string line)
    {
        lock (_lock)
        {
            _lines.Add(line);
        }
    }

    /// <summary>Ends the current step and begins the next.</summary>
    public void Begin(string name)
    {
        lock (_lock)
        {
            FinishLast();
            _steps.Add(new Step(Prefix + name, 0));
        }
    }

    /// <summary>Reports the share of the current step that is done.</summary>
    public void Report(double share)
    {
        lock (_lock)
        {
            if (_steps.Count > 0)
            {
                _steps[^1] = _steps[^1] with { Share = Math.Clamp(share, 0, 1) };
            }
        }
    }

    private void FinishLast()
    {
        if (_steps.Count > 0)
        {
            _steps[^1] = _steps[^1] with { Share = 1 };
        }
    }

    /// <summary>A part of the work.</summary>
    /// <param name="Name">What is being done.</param>
    /// <param name="Share">How much of it is done, from 0 to 1.</param>
    public readonly record struct Step(string Name, double Share);
}
