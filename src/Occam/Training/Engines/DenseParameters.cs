using Occam.Networks;

namespace Occam.Training.Engines;

/// <summary>
/// The parameters of a chain in one flat vector, those that move first; so that an optimizer moves them all at once.
/// The zeros between rows have no gradient and stay.
/// </summary>
internal sealed class DenseParameters
{
    private readonly Dictionary<string, DensePart> _parts = [];
    private readonly AlignedArray _values, _gradient, _slots;
    private readonly int _trained;

    public DenseParameters(IReadOnlyList<DenseStage> stages, TrainingSettings settings)
    {
        var start = 0;
        void Add(Parameter? parameter, bool isTrained, int rows, int width, bool isTransposed)
        {
            if (parameter is not null && settings.IsFrozen(parameter.Name) != isTrained)
            {
                var part = new DensePart(parameter, start, rows, width, isTransposed, isTrained);
                _parts.Add(parameter.Name, part);
                start = checked(start + part.Length);
            }
        }

        foreach (var isTrained in new[] { true, false })
        {
            foreach (var stage in stages)
            {
                var byInput = RowsAreInputs(stage);
                Add(stage.Weight, isTrained, byInput
                    ? stage.Inputs
                    : stage.Units, byInput ? stage.Units : stage.Inputs, byInput == stage.UnitsFirst);
                Add(stage.Bias, isTrained, 1, stage.Units, false);
            }

            _trained = isTrained ? start : _trained;
        }

        _values = new AlignedArray(start);
        _gradient = new AlignedArray(settings.Optimizer.IsPlain ? 0 : _trained);
        _slots = new AlignedArray(checked(settings.Optimizer.Slots * _trained));
        foreach (var part in _parts.Values)
        {
            Write(part, part.Parameter.Value.Detach().Contiguous().ToArray<float>(), _values.Span);
        }
    }

    /// <summary>The parameters that move.</summary>
    public IEnumerable<DensePart> Trained => _parts.Values.Where(part => part.IsTrained);

    /// <summary>Whether a matrix is stored as a row an input: where its rows are then long enough to pay.</summary>
    public static bool RowsAreInputs(DenseStage stage) => stage.Units >= Math.Min(stage.Inputs, DenseKernels.Group / 2);

    /// <summary>Where a parameter is.</summary>
    public DensePart? Find(Parameter? parameter) => parameter is null ? null : _parts[parameter.Name];

    /// <summary>A parameter's numbers.</summary>
    public Span<float> Values(DensePart part) => _values.Span.Slice(part.Start, part.Length);

    /// <summary>The gradient by a parameter, where the optimizer needs it stored.</summary>
    public Span<float> Gradient(DensePart part) => _gradient.Span.Slice(part.Start, part.Length);

    /// <summary>Moves what is trained along the stored gradient.</summary>
    public void Update(Optimizer optimizer, double rate, long step) =>
        optimizer.Update(_values.Span[.._trained], _gradient.Span, _slots.Span, rate, step);

    /// <summary>A parameter's numbers as the network stores them.</summary>
    public float[] Read(DensePart part) => Read(part, _values.Span);

    /// <summary>Writes what training changes.</summary>
    public void Save(StateArchive archive)
    {
        foreach (var part in Trained)
        {
            archive.Write($"weight.{part.Parameter.Name}", Read(part));
            for (var slot = 0; slot * _trained < _slots.Length; slot++)
            {
                archive.Write($"optimizer{slot}.{part.Parameter.Name}", Read(part, _slots.Span[(slot * _trained)..]));
            }
        }
    }

    /// <summary>Goes back to what <see cref="Save"/> wrote.</summary>
    public void Load(StateArchive archive)
    {
        foreach (var part in Trained)
        {
            Write(part, archive.Read<float>($"weight.{part.Parameter.Name}"), _values.Span);
            for (var slot = 0; slot * _trained < _slots.Length; slot++)
            {
                Write(part, archive.Read<float>($"optimizer{slot}.{part.Parameter.Name}"), _slots.Span[(slot * _trained)..]);
            }
        }
    }

    private static float[] Read(DensePart part, ReadOnlySpan<float> flat)
    {
        var stored = new float[part.Rows * part.Width];
        for (var i = 0; i < stored.Length; i++)
        {
            stored[i] = flat[Place(part, i)];
        }

        return stored;
    }

    private static void Write(DensePart part, float[] stored, Span<float> flat)
    {
        if (stored.Length != part.Rows * part.Width)
        {
            throw new OccamException($"the checkpoint has {stored.Length} numbers for '{part.Parameter.Name}', which takes "
                + $"{part.Rows * part.Width}: it is of another network");
        }

        for (var i = 0; i < stored.Length; i++)
        {
            flat[Place(part, i)] = stored[i];
        }
    }

    // Where the stored number of that index is.
    private static int Place(DensePart part, int index)
    {
        var (row, column) = part.IsTransposed ? (index % part.Rows, index / part.Rows) : (index / part.Width, index % part.Width);
        return part.Start + (row * part.Stride) + column;
    }
}
