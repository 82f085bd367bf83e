namespace Tclr.Data;

/// <summary>One clip that is to be made: of which frames, and how.</summary>
/// <param name="Positions">Which frames of the window, in playing order.</param>
/// <param name="Parameters">What has been drawn for the clip; see <see cref="ClipAugmentation.Draw"/>.</param>
public sealed record DrawnClip(IReadOnlyList<int> Positions, ClipParameters Parameters);
