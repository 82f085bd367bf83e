using Tclr.Core;

namespace Tclr.Losses;

/// <summary>Verbs of <see cref="TclrTrainerBuilder"/> for losses.</summary>
public static class LossBuilderExtensions
{
    /// <summary>Trains with the loss of TCLR.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="options">Terms, weights and temperature; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">An option is out of its range, or no term is on.</exception>
    public static TclrTrainerBuilder AddTclrLoss(this TclrTrainerBuilder builder, TclrLossOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddLoss(new TclrLoss(options));
    }

    /// <summary>Adds instance contrast of the global clips.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="temperature">Divides the similarities: finite and above 0. The default value is 0.1.</param>
    /// <param name="weight">What the loss weighs in the sum: finite, 0 or more.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is out of range.</exception>
    public static TclrTrainerBuilder AddInstanceContrastiveLoss(this TclrTrainerBuilder builder, double temperature = 0.1, double weight = 1)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddLoss(new InstanceContrastiveLoss(temperature), weight);
    }

    /// <summary>Adds contrast among the local clips of a video.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="temperature">Divides the similarities: finite and above 0. The default value is 0.1.</param>
    /// <param name="weight">What the loss weighs in the sum: finite, 0 or more.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is out of range.</exception>
    public static TclrTrainerBuilder AddLocalLocalLoss(this TclrTrainerBuilder builder, double temperature = 0.1, double weight = 1)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddLoss(new LocalLocalLoss(temperature), weight);
    }

    /// <summary>Adds the matching of timesteps of the global clips with local clips.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="temperature">Divides the similarities: finite and above 0. The default value is 0.1.</param>
    /// <param name="weight">What the loss weighs in the sum: finite, 0 or more.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is out of range.</exception>
    public static TclrTrainerBuilder AddGlobalLocalLoss(this TclrTrainerBuilder builder, double temperature = 0.1, double weight = 1)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddLoss(new GlobalLocalLoss(temperature), weight);
    }
}
