namespace Tclr.Models;

/// <summary>A stage of an <see cref="R3D"/>: residual blocks of one width.</summary>
/// <param name="Width">Channels of the stage's output, 1 or more.</param>
/// <param name="TemporalStride">By how much the first block thins out time, 1 or more. The default value is 1.</param>
/// <param name="SpatialStride">By how much the first block thins out height and width, 1 or more. The default value is 1.</param>
/// <param name="Blocks">Number of residual blocks, 1 or more. The default value is 2.</param>
public sealed record R3DStage(int Width, int TemporalStride = 1, int SpatialStride = 1, int Blocks = 2);
