using Tclr.Core;

namespace Tclr.Data;

/// <summary>Chooses the part of the frames that a clip shows.</summary>
internal interface IClipCrop
{
    /// <summary>Chooses.</summary>
    /// <param name="height">Height of a frame in pixels.</param>
    /// <param name="width">Width of a frame in pixels.</param>
    /// <param name="random">The view's random stream.</param>
    /// <returns>A box inside the frame.</returns>
    CropBox Choose(int height, int width, ref CounterRandom random);
}
