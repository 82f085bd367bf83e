using Tclr.Losses;

namespace Tclr;

/// <summary>Verbs of <see cref="TclrTrainerBuilder"/> for losses.</summary>
public static class TclrTrainerBuilderLossExtensions
{
    /// <summary>Adds the loss of TCLR.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="options">Terms, weights and temperatures; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">An option is out of its range, or no term is enabled.</exception>
    /// <remarks>Other losses are added by <see cref="TclrTrainerBuilder.AddLoss"/>.</remarks>
    /// <example><code>
    /// builder.AddTclrLoss(new TclrLossOptions { GlobalLocal = false });
    /// builder.AddLoss(new InstanceContrastiveLoss(), weight: 2);
    /// </code></example>
    public static TclrTrainerBuilder AddTclrLoss(this TclrTrainerBuilder builder, TclrLossOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddLoss(new TclrLoss(options));
    }
}
