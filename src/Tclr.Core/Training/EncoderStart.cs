namespace Tclr.Core;

/// <summary>What gives a new run's encoder its first weights.</summary>
/// <param name="Source">What they are, for comparison when the run is resumed.</param>
/// <param name="Initialize">Sets them.</param>
internal sealed record EncoderStart(string Source, Action<IVideoEncoder> Initialize);
