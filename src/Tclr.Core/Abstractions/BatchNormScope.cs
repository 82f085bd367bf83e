namespace Tclr.Core;

/// <summary>Over which clips batch normalization takes its statistics in a training step.</summary>
public enum BatchNormScope
{
    /// <summary>Over all views of all videos, which go through encoder and head together: the fastest.</summary>
    AllViews,

    /// <summary>Over one view of all videos, and in the head over one timestep of it, as the authors' code of TCLR does.</summary>
    PerView,
}
