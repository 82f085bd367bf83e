namespace Tclr;

/// <summary>The encoders of <see cref="Tclr.Models.VideoEncoders"/>.</summary>
public enum EncoderKind
{
    /// <summary><see cref="Tclr.Models.VideoEncoders.R3D18"/>, TCLR's.</summary>
    R3D18,

    /// <summary><see cref="Tclr.Models.VideoEncoders.R2Plus1D18"/>, TCLR's.</summary>
    R2Plus1D18,

    /// <summary><see cref="Tclr.Models.VideoEncoders.MC318"/>.</summary>
    MC318,

    /// <summary><see cref="Tclr.Models.VideoEncoders.C3D"/>.</summary>
    C3D,

    /// <summary><see cref="Tclr.Models.VideoEncoders.R3D"/>, one block a stage.</summary>
    R3D,

    /// <summary><see cref="Tclr.Models.VideoEncoders.R2Plus1D"/>, DualVar's.</summary>
    R2Plus1D,

    /// <summary><see cref="Tclr.Models.VideoEncoders.S3D"/>.</summary>
    S3D,

    /// <summary><see cref="Tclr.Models.VideoEncoders.S3DG"/>.</summary>
    S3DG,

    /// <summary><see cref="Tclr.Models.VideoEncoders.R2D3D18"/>.</summary>
    R2D3D18,

    /// <summary><see cref="Tclr.Models.VideoEncoders.R3D50"/>, CVRL's.</summary>
    R3D50,

    /// <summary><see cref="Tclr.Models.VideoEncoders.R3D101"/>.</summary>
    R3D101,

    /// <summary><see cref="Tclr.Models.VideoEncoders.R3D152"/>.</summary>
    R3D152,

    /// <summary><see cref="Tclr.Models.VideoEncoders.SmallR3D"/>, for small clips and quick trials.</summary>
    SmallR3D,
}
