using Occam.Torch;

namespace Occam.Measures.Certificates;

/// <summary>
/// The least ρ with M(ρ, T) ⪰ 0 for some T = diag(t) ⪰ 0 (Fazlyab et al. 2019, Theorem 2): one number a hidden unit (LipSDP-Neuron) or a
/// layer (LipSDP-Layer). By a barrier method: Newton's on s ρ − log det M(ρ, T) − Σ log t_j, whose minimum is within (order + units)/s of
/// the least ρ, and from each minimum a step along the tangent of their path (Boyd and Vandenberghe 2004, §11). Wherever it ends, M is
/// positive definite but for rounding; <see cref="ChainProof"/> takes care of that.
/// </summary>
internal sealed class LipSdp
{
    private const int MostSteps = 500;

    // Of the path's parameter, at a step along its tangent.
    private const double Stride = 30;

    // Newton's decrement squared: below the first the gap is known, and below the second the next step goes along the path, too.
    private const double Centred = 0.5;
    private const double Near = 1;

    // Of the longest step found along the path's tangent: what keeps away from where M is singular.
    private const double Caution = 0.75;

    private readonly LipSdpSystem _system;
    private readonly Tensor? _groups;
    private double _squared;
    private Tensor _units;
    private Tensor _factor;

    private LipSdp(LipSdpSystem system, Multipliers start, bool byLayer)
    {
        _system = system;
        _groups = byLayer ? Groups(system) : null;
        _squared = start.Squared;
        _units = Tensor.FromArray([.. start.Units], system.Units, 1);
        _factor = system.Matrix(_squared, _units).CholeskyIfPositive() ?? throw new TorchException("the start of LipSDP is not feasible");
    }

    /// <summary>How many Newton steps were taken.</summary>
    public int Steps { get; private set; }

    /// <summary>By how much the ρ found may be above the least one.</summary>
    public double Gap { get; private set; }

    /// <summary>What was found.</summary>
    public Multipliers Found => new(_squared, _units.ToArray<double>());

    /// <summary>Minimizes ρ.</summary>
    /// <param name="system">M.</param>
    /// <param name="start">Where M is positive definite; with one number a layer for <paramref name="byLayer"/>.</param>
    /// <param name="byLayer">Whether the numbers of a layer are equal.</param>
    /// <param name="tolerance">The part of ρ that it may be above the least one.</param>
    /// <param name="onStep">Called after each step, with the part of the way that is gone in powers of ten; may throw to stop it.</param>
    public static LipSdp Solve(LipSdpSystem system, Multipliers start, bool byLayer, double tolerance, Action<double> onStep)
    {
        using var grad = Libtorch.NoGrad();
        LipSdp sdp = new(system, start, byLayer);
        sdp.Follow(tolerance, onStep);
        return sdp;
    }

    private void Follow(double tolerance, Action<double> onStep)
    {
        double barriers = _system.Order + _system.Units;
        var weight = barriers / _squared;
        Gap = _squared;
        while (Steps < MostSteps)
        {
            using var scope = Libtorch.NewDisposeScope();
            Steps++;
            if (Directions() is not (var toward, var down, var slope))
            {
                return;
            }

            // Newton's direction −H⁻¹(s e_ρ + g), and its decrement.
            var direction = (down * -weight) - toward;
            var decrement = -((weight * direction.Select(0, 0).Item()) + (slope * direction).Sum().Item());
            bool moved;
            if (decrement < Centred)
            {
                Gap = Math.Min(Gap, (barriers + Math.Sqrt(barriers)) / weight);
                if (Gap <= tolerance * _squared)
                {
                    return;
                }
            }

            onStep(Math.Clamp(Math.Log(Gap / _squared) / Math.Log(tolerance), 0, 1));
            var (unitsBefore, factorBefore) = (_units, _factor);
            if (decrement < Near && (barriers + Math.Sqrt(barriers)) / weight > tolerance * _squared)
            {
                var share = 1 - (1 / Stride);
                moved = Moved(direction - (down * (weight * share)), null, out var taken);
                weight /= 1 - (0.9 * share * taken);
            }
            else
            {
                var height = Height(weight, _squared, _units, _factor);
                moved = Moved(
                    direction,
                    (length, squared, units, factor) => Height(weight, squared, units, factor) <= height - (0.1 * length * decrement),
                    out _);
            }

            if (!moved)
            {
                return;
            }

            // As large as M: only the last is kept.
            unitsBefore.Dispose();
            factorBefore.Dispose();
            _units.MoveToOuterDisposeScope();
            _factor.MoveToOuterDisposeScope();
        }
    }

    // H⁻¹ g, H⁻¹ e_ρ and g, the gradient of the barrier, H its Hessian; null where rounding has taken H's definiteness.
    private (Tensor Toward, Tensor Down, Tensor Slope)? Directions()
    {
        var (gradient, hessian) = _system.Derivatives(_factor.CholeskyInverse());
        var inverse = Tensor.Cat([Tensor.Zeros([1, 1], ScalarType.Float64), _units.Reciprocal()], 0);
        var slope = gradient - inverse;
        hessian = hessian + (Tensor.Eye(inverse.Size(0), ScalarType.Float64) * inverse.Square());
        if (_groups is not null)
        {
            (slope, hessian) = (_groups.T().MatMul(slope), _groups.T().MatMul(hessian.MatMul(_groups)));
        }

        // To a diagonal of ones: multipliers of different layers differ by powers of ten.
        var scale = hessian.Diagonal().Unsqueeze(1).Sqrt().Reciprocal();
        hessian = hessian * scale * scale.T();
        if (hessian.CholeskyIfPositive() is not { } factor)
        {
            return null;
        }

        var first = new double[slope.Size(0)];
        first[0] = 1;
        var right = Tensor.Cat([slope * scale, Tensor.FromArray(first, first.Length, 1) * scale], 1);
        var solved = factor.CholeskySolve(right) * scale;
        return (solved.Narrow(1, 0, 1), solved.Narrow(1, 1, 1), slope);
    }

    // Goes along a direction as far as M stays positive definite and what is asked for holds: halving the step until it does.
    private bool Moved(Tensor direction, Func<double, double, Tensor, Tensor, bool>? accepts, out double taken)
    {
        var whole = _groups is null ? direction : _groups.MatMul(direction);
        var (squaredBy, unitsBy) = (direction.Select(0, 0).Item(), whole.Narrow(0, 1, _system.Units));

        // What the step takes of each number, at most: 1 would make it 0.
        var most = Math.Max(-squaredBy / _squared, (-unitsBy / _units).Flatten().AMax([0]).Item());
        for (taken = most > 0 ? Math.Min(1, 0.95 / most) : 1; taken > 1e-12; taken *= 0.6)
        {
            var (squared, units) = (_squared + (taken * squaredBy), _units + (unitsBy * taken));
            if (_system.Matrix(squared, units).CholeskyIfPositive() is { } at
                && (accepts?.Invoke(taken, squared, units, at) ?? true))
            {
                Tensor? factor = at;
                if (accepts is null)
                {
                    taken *= Caution;
                    (squared, units) = (_squared + (taken * squaredBy), _units + (unitsBy * taken));
                    factor = _system.Matrix(squared, units).CholeskyIfPositive();
                }

                if (factor is null)
                {
                    return false;
                }

                (_squared, _units, _factor) = (squared, units, factor);
                return true;
            }
        }

        return false;
    }

    private static double Height(double weight, double squared, Tensor units, Tensor factor) =>
        (weight * squared) - (2 * factor.Diagonal().Log().Sum().Item()) - units.Log().Sum().Item();

    // From (ρ, a number a layer) to (ρ, a number a unit): 0 and 1.
    private static Tensor Groups(LipSdpSystem system)
    {
        var layers = system.Layers.ToArray();
        var columns = layers.Length + 1;
        var ones = new double[(system.Units + 1) * columns];
        ones[0] = 1;
        var row = 1;
        for (var layer = 0; layer < layers.Length; layer++)
        {
            for (var unit = 0; unit < layers[layer]; unit++, row++)
            {
                ones[(row * columns) + layer + 1] = 1;
            }
        }

        return Tensor.FromArray(ones, system.Units + 1, columns);
    }
}
