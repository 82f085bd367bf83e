namespace Tclr.Core;

/// <summary>Where a run stands when a learning rate is asked for.</summary>
/// <param name="Step">Optimisation steps done, from 0.</param>
/// <param name="TotalSteps">Steps of the run.</param>
/// <param name="StepsPerEpoch">Steps of an epoch.</param>
/// <param name="EpochLosses">The mean loss of each epoch that is over, in order.</param>
public readonly record struct SchedulePosition(long Step, long TotalSteps, int StepsPerEpoch, IReadOnlyList<double> EpochLosses)
{
    /// <summary>The epoch, from 0.</summary>
    public int Epoch => (int)(Step / StepsPerEpoch);
}
