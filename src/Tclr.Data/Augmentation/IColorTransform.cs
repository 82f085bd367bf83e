using System.Numerics;
using Tclr.Core;

namespace Tclr.Data;

/// <summary>An affine change of colour. All those of a clip are folded into one and applied at once.</summary>
public interface IColorTransform
{
    /// <summary>Draws the change for one clip.</summary>
    /// <param name="mean">Mean colour of the clip (R, G, B), 1 being full, after the changes that come before this one.</param>
    /// <param name="random">The view's random stream.</param>
    /// <returns>The change as <see cref="Vector3.Transform(Vector3, Matrix4x4)"/> applies it: rows are what R, G and B add, the fourth is a constant.</returns>
    Matrix4x4 Draw(Vector3 mean, ref CounterRandom random);
}
