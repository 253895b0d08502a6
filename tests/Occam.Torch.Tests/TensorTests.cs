using System.Runtime.CompilerServices;
using Xunit;

namespace Occam.Torch.Tests;

public sealed class TensorTests
{
    [Fact]
    public void Memory_of_which_no_tensor_comes_is_let_go_of_once()
    {
        // Two negative sizes make a positive count, and libtorch takes the memory before it looks at them.
        var first = Refused();
        for (var i = 0; i < 100; i++)
        {
            Refused();
        }

        GC.Collect();
        Assert.False(first.IsAlive);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Refused()
        {
            var values = new double[4];
            Assert.Throws<TorchException>(() => Tensor.FromArray(values, -2, -2));
            return new WeakReference(values);
        }
    }

    [Fact]
    public void Memory_is_shared_with_the_array_it_came_from()
    {
        float[] values = [1, 2, 3, 4, 5, 6];
        using var tensor = Tensor.FromArray(values, 2, 3);
        values[4] = 50;
        Assert.Equal([2, 3], tensor.Shape);
        Assert.Equal(50f, tensor.AsSpan<float>()[4]);
        tensor.AsSpan<float>()[0] = 10;
        Assert.Equal(10f, values[0]);
    }

    [Fact]
    public void A_scope_frees_what_was_made_in_it_and_keeps_what_was_moved_out()
    {
        Tensor kept, freed;
        using (Libtorch.NewDisposeScope())
        {
            freed = Tensor.Ones([3]);
            kept = (freed + 1).MoveToOuterDisposeScope();
        }

        Assert.False(freed.IsAlive);
        Assert.Throws<ObjectDisposedException>(() => freed.Shape.Length + freed.Item());
        Assert.Equal([2, 2, 2], kept.ToArray<float>());
        kept.Dispose();
    }

    [Fact]
    public void An_error_carries_the_first_line_of_libtorch()
    {
        using var left = Tensor.Ones([2, 3]);
        using var right = Tensor.Ones([2, 3]);
        var error = Assert.Throws<TorchException>(() => left.MatMul(right));
        Assert.Contains("mat1 and mat2", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    /// <summary>An operator is looked up at its first call, which two threads may make at the same moment.</summary>
    [Fact]
    public void Threads_may_call_an_operator_for_the_first_time_together()
    {
        using var tensor = Tensor.FromArray([1.0, -2.0], 2);
        TorchOperator[] operators = [.. Enumerable.Range(0, 20_000).Select(_ => new TorchOperator("aten::abs"))];
        var (arrived, right) = (0, 0);
        void Call()
        {
            for (var i = 0; i < operators.Length; i++)
            {
                Interlocked.Increment(ref arrived);
                SpinWait.SpinUntil(() => Volatile.Read(ref arrived) >= 2 * (i + 1));
                using var result = operators[i].Call(tensor);
                Interlocked.Add(ref right, result.ToArray<double>() is [1, 2] ? 1 : 0);
            }
        }

        var other = new Thread(Call);
        other.Start();
        Call();
        other.Join();

        Assert.Equal(2 * operators.Length, right);
    }

    [Fact]
    public void Second_derivatives_of_a_cube_are_six_x()
    {
        using var scope = Libtorch.NewDisposeScope();
        var x = Tensor.FromArray([1.0, 2.0, -3.0], 3).RequireGrad();
        var first = Autograd.Grad((x * x * x).Sum(), x, createGraph: true);
        var second = Autograd.Grad(first.Sum(), x);
        Assert.Equal([3.0, 12.0, 27.0], first.ToArray<double>());
        Assert.Equal([6.0, 12.0, -18.0], second.ToArray<double>());
    }

    /// <summary>libtorch gives a derivative that is zero everywhere as a tensor without memory.</summary>
    [Fact]
    public void A_derivative_that_is_zero_everywhere_can_be_read()
    {
        using var scope = Libtorch.NewDisposeScope();
        var x = Tensor.FromArray([1.0, -2.0], 2).RequireGrad();
        var sign = Autograd.Grad(x.Abs().Sum(), x, createGraph: true);
        Assert.Equal([0.0, 0.0], Autograd.Grad(sign.Sum(), x).ToArray<double>());
    }

    [Fact]
    public void Nothing_is_recorded_without_grad()
    {
        using var scope = Libtorch.NewDisposeScope();
        var x = Tensor.Ones([2]).RequireGrad();
        using (Libtorch.NoGrad())
        {
            Assert.False((x * 2).RequiresGrad);
        }

        Assert.True((x * 2).RequiresGrad);
    }

    [Fact]
    public void Forward_mode_gives_the_directional_derivative()
    {
        using var scope = Libtorch.NewDisposeScope();
        using var forward = new ForwardAutogradScope();
        var x = Tensor.FromArray([0.5, 1.0], 2);
        var dual = forward.MakeDual(x, Tensor.FromArray([1.0, 2.0], 2));
        var tangent = forward.Tangent(dual.Tanh() * dual)!;
        double Derivative(double at) => Math.Tanh(at) + (at * (1 - Math.Pow(Math.Tanh(at), 2)));
        Assert.Equal(Derivative(0.5), tangent.ToArray<double>()[0], 12);
        Assert.Equal(2 * Derivative(1.0), tangent.ToArray<double>()[1], 12);
    }

    [Fact]
    public void Threads_take_turns_in_forward_mode_and_none_nests()
    {
        var sums = new double[4];
        Parallel.For(0, sums.Length, new ParallelOptions { MaxDegreeOfParallelism = sums.Length }, thread =>
        {
            for (var round = 0; round < 50; round++)
            {
                using var scope = Libtorch.NewDisposeScope();
                using var forward = new ForwardAutogradScope();
                var x = Tensor.FromArray([1.0 + thread], 1);
                sums[thread] += forward.Tangent((forward.MakeDual(x, Tensor.FromArray([1.0], 1)) * x).Sum())!.Item();
            }
        });
        using var open = new ForwardAutogradScope();

        Assert.Equal([50, 100, 150, 200], sums);
        Assert.Throws<InvalidOperationException>(() => new ForwardAutogradScope());
    }

    [Fact]
    public void A_generator_repeats_its_numbers_and_its_state_can_be_set()
    {
        using var scope = Libtorch.NewDisposeScope();
        using var first = new Generator(7);
        using var second = new Generator(7);
        var a = Tensor.Randn([5], first).ToArray<float>();
        Assert.Equal(a, Tensor.Randn([5], second).ToArray<float>());
        var state = first.GetState();
        var b = Tensor.Randn([5], first).ToArray<float>();
        Assert.NotEqual(a, b);
        first.SetState(state);
        Assert.Equal(b, Tensor.Randn([5], first).ToArray<float>());
    }

    [Fact]
    public void Cuda_where_there_is_none_is_a_clear_error()
    {
        Assert.SkipWhen(Libtorch.CudaDeviceCount > 0, "this machine has a CUDA device");
        var error = Assert.Throws<TorchException>(() => Device.Parse("cuda:0"));
        Assert.Contains("no CUDA device", error.Message);
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:x")]
    [InlineData("cuda:0:1")]
    public void An_unknown_device_is_named(string name)
    {
        Assert.Contains(name, Assert.Throws<TorchException>(() => Device.Parse(name)).Message);
    }

    [Fact]
    public void Types_convert_there_and_back()
    {
        using var scope = Libtorch.NewDisposeScope();
        var x = Tensor.FromArray([1.0, 2.5, -3.25], 3);
        Assert.Equal([1.0, 2.5, -3.25], x.To(ScalarType.BFloat16).To(ScalarType.Float32).ToArray<double>());
        Assert.Equal([1L, 2L, -3L], x.To(ScalarType.Int64).ToArray<long>());
        Assert.Equal([true, false, true], x.GreaterThan(2.6).EqualTo(Tensor.FromArray([false, true, false], 3)).ToArray<bool>());
    }
}
