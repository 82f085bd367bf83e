using Tclr.Core;

namespace Tclr.Data;

/// <summary>A step of an augmentation: draws the random numbers of a clip and says what is to be done with it.</summary>
internal interface IClipStep
{
    /// <summary>Whether the step works on 8-bit levels.</summary>
    bool OnPixels { get; }

    /// <summary>Whether the step changes colors on real numbers; those changes are carried out after all 8-bit steps.</summary>
    bool ChangesColors => !OnPixels;

    /// <summary>Draws. The number of draws does not depend on their outcome, so that steps do not shift the streams of later ones.</summary>
    /// <param name="height">Height of the clip in pixels.</param>
    /// <param name="width">Width of the clip in pixels.</param>
    /// <param name="random">The view's random stream.</param>
    /// <param name="drawn">Takes the operations.</param>
    void Draw(int height, int width, ref CounterRandom random, ICollection<ClipOperation> drawn);
}
