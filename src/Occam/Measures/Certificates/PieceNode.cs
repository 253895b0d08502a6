using System.Collections.Immutable;

namespace Occam.Measures.Certificates;

/// <summary>A node whose units are affine in x, z = W x + b, and not all on a chosen piece.</summary>
/// <param name="Node">Its number.</param>
/// <param name="Open">The units for which no piece is chosen.</param>
/// <param name="Breaks">Where pieces meet.</param>
/// <param name="Weights">W: units × inputs, and columns of errors behind them where other units are open.</param>
/// <param name="Offsets">b.</param>
internal sealed record PieceNode(int Node, ImmutableArray<int> Open, ImmutableArray<double> Breaks, double[][] Weights, double[] Offsets);
