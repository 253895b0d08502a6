namespace Occam.Torch;

/// <summary>What libtorch said when it refused a call: the first line of its message.</summary>
public class TorchException(string message) : Exception(message);
