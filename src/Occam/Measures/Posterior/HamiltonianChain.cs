using System.Numerics.Tensors;

namespace Occam.Measures.Posterior;

/// <summary>
/// Draws from a <see cref="LocalPosterior"/> by Hamiltonian Monte Carlo (Duane et al. 1987), accepted or refused by Metropolis' rule: what
/// it converges to is the density itself, whatever the size of the steps. Each trajectory is of steps in which half a kick by the
/// loss's gradient goes before and after the exact motion in the Gaussian that localizes (Neal 2011, §5.5.1), so that only the loss
/// limits their size. Their number is drawn anew for each, so that no period is met.
/// </summary>
internal sealed class HamiltonianChain : IChain
{
    // Target and constants of the dual averaging of Hoffman and Gelman 2014, §3.2.
    private const double Target = 0.8;
    private const double Shrinkage = 0.05;
    private const double Delay = 10;
    private const double Forgetting = 0.75;

    private const double Shortest = 0.25;

    // A trajectory whose energy rose so much has left for good.
    private const double Diverged = 1000;
    private const int MostHalvings = 60;

    private readonly IPotential _potential;
    private readonly LocalPosterior _density;
    private readonly SeededRandom _random;
    private readonly int _mostLeaps;
    private readonly double _frequency;
    private readonly double[] _point;
    private readonly double[] _momentum;
    private State _now;
    private State _next;

    /// <summary>Stands at w*.</summary>
    /// <param name="potential">L, of all data.</param>
    /// <param name="density">The density to draw from.</param>
    /// <param name="mostLeaps">The most steps of a trajectory.</param>
    /// <param name="random">Random numbers of its own.</param>
    public HamiltonianChain(IPotential potential, LocalPosterior density, int mostLeaps, SeededRandom random)
    {
        _potential = potential;
        _density = density;
        _random = random;
        _mostLeaps = mostLeaps;
        _frequency = Math.Sqrt(density.Localization);
        _point = new double[potential.Size];
        _momentum = new double[potential.Size];
        (_now, _next) = (new State(potential.Size), new State(potential.Size));
        Evaluate(_now);
    }

    /// <inheritdoc/>
    public double Step { get; private set; }

    /// <summary>The mean probability with which the draws since the last warming were accepted.</summary>
    public double Acceptance => _accepted / Math.Max(1, _trajectories);

    private double _accepted;
    private int _trajectories;

    private double Longest => 1 / _frequency;

    /// <inheritdoc/>
    public void Warm(int draws, Action drawn)
    {
        Step = FirstStep();
        var (center, lag, average) = (Math.Log(10 * Step), 0.0, Math.Log(Step));
        for (var t = 1; t <= draws; t++)
        {
            lag += (Target - Trajectory() - lag) / (t + Delay);
            var log = Math.Min(center - (Math.Sqrt(t) / Shrinkage * lag), Math.Log(Longest));
            var weight = Math.Pow(t, -Forgetting);
            average = (weight * log) + ((1 - weight) * average);
            Step = Math.Exp(log);
            drawn();
        }

        Step = Math.Exp(average);
        (_accepted, _trajectories) = (0, 0);
    }

    /// <inheritdoc/>
    public ChainDraw Draw()
    {
        _accepted += Trajectory();
        _trajectories++;
        return new ChainDraw(
            _now.Loss, TensorPrimitives.SumOfSquares<double>(_now.Offset), TensorPrimitives.Dot<double>(_now.Offset, _now.Gradient));
    }

    // The step at which one leap is accepted about as often as wanted.
    private double FirstStep()
    {
        Step = Longest / 4;
        var below = Leap() >= Target;
        for (var i = 0; i < MostHalvings && Leap() >= Target == below && (!below || Step < Longest); i++)
        {
            Step *= below ? 2 : 0.5;
        }

        return Math.Min(Step, Longest);
    }

    private double Leap() => Move(1);

    private double Trajectory()
    {
        // A quarter of the Gaussian's period, in the mean, makes its directions anew.
        var most = (int)Math.Clamp(Math.Ceiling(Math.PI / (_frequency * Step)), 1, _mostLeaps);
        var probability = Move(1 + _random.NextInt(most));
        if (_random.NextDouble() < probability)
        {
            (_now, _next) = (_next, _now);
        }

        return probability;
    }

    // Goes from the present state to the next; the probability with which it is to be accepted.
    private double Move(int leaps)
    {
        for (var i = 0; i < _momentum.Length; i++)
        {
            _momentum[i] = _random.NextGaussian();
        }

        // Steps of several sizes, for the one that is right in the middle may be too long where the loss is steep.
        var step = Step * Math.Pow(Shortest, _random.NextDouble());
        var before = Energy(_now);
        _now.CopyTo(_next);
        var (c, s) = (Math.Cos(_frequency * step), Math.Sin(_frequency * step));
        Kick(step / 2);
        for (var leap = 0; leap < leaps; leap++)
        {
            Rotate(_next.Offset, _momentum, c, s);
            Evaluate(_next);
            if (!(Energy(_next) - before < Diverged))
            {
                return 0;
            }

            Kick(leap < leaps - 1 ? step : step / 2);
        }

        var rise = Energy(_next) - before;
        return double.IsNaN(rise) ? 0 : Math.Min(1, Math.Exp(-rise));
    }

    private void Kick(double time) => TensorPrimitives.MultiplyAdd(
        _next.Gradient, -time * _density.InverseTemperature, _momentum, _momentum);

    private void Rotate(double[] offset, double[] momentum, double c, double s)
    {
        var (forth, back) = (s / _frequency, s * _frequency);
        for (var i = 0; i < offset.Length; i++)
        {
            (offset[i], momentum[i]) = ((c * offset[i]) + (forth * momentum[i]), (c * momentum[i]) - (back * offset[i]));
        }
    }

    private void Evaluate(State state)
    {
        TensorPrimitives.Add(_density.Origin, state.Offset, _point);
        state.Loss = _potential.At(_point, state.Gradient);
    }

    private double Energy(State state) =>
        (_density.InverseTemperature * state.Loss)
        + (_density.Localization / 2 * TensorPrimitives.SumOfSquares<double>(state.Offset))
        + (TensorPrimitives.SumOfSquares<double>(_momentum) / 2);

    private sealed class State(int size)
    {
        public double[] Offset { get; } = new double[size];

        public double[] Gradient { get; } = new double[size];

        public double Loss { get; set; }

        public void CopyTo(State other)
        {
            Offset.CopyTo(other.Offset, 0);
            Gradient.CopyTo(other.Gradient, 0);
            other.Loss = Loss;
        }
    }
}
