using System.Numerics;
using Tclr.Core;

namespace Tclr.Data;

/// <summary>Subtracts a constant from all channels.</summary>
internal sealed class Subtraction : IColorTransform
{
    private readonly Matrix4x4 matrix;

    public Subtraction(double amount)
    {
        if (!double.IsFinite(amount))
        {
            throw new ArgumentOutOfRangeException(nameof(amount), amount, "expected a finite amount");
        }

        matrix = Matrix4x4.CreateTranslation(new Vector3((float)-amount));
    }

    public Matrix4x4 Draw(Vector3 mean, ref CounterRandom random) => matrix;
}
