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
        return builder.UseLoss(new TclrLoss(options));
    }
}
