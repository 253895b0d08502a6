namespace Occam.Torch;

/// <content>Fourier transforms.</content>
public sealed partial class Tensor
{
    private static readonly TorchOperator s_fft = new("aten::fft_fft");
    private static readonly TorchOperator s_ifft = new("aten::fft_ifft");
    private static readonly TorchOperator s_viewAsComplex = new("aten::view_as_complex");
    private static readonly TorchOperator s_viewAsReal = new("aten::view_as_real");

    /// <summary>The discrete Fourier transform along a dimension, of complex numbers as pairs in a last dimension of 2.</summary>
    public Tensor Fourier(int dimension) =>
        s_viewAsReal.Call(s_fft.Call(s_viewAsComplex.Call(Contiguous()), Argument.None, dimension));

    /// <summary>The inverse of <see cref="Fourier"/>.</summary>
    public Tensor InverseFourier(int dimension) =>
        s_viewAsReal.Call(s_ifft.Call(s_viewAsComplex.Call(Contiguous()), Argument.None, dimension));
}
