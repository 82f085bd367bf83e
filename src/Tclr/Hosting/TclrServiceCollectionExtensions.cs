using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tclr.Core;

namespace Tclr;

/// <summary>Registers Tclr for dependency injection.</summary>
public static class TclrServiceCollectionExtensions
{
    /// <summary>Adds a <see cref="TclrRecipe"/> and a <see cref="TclrTrainerBuilder"/> configured by <see cref="TclrOptions"/>, which only needs the videos.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Configures the options; <see langword="null"/> for none.</param>
    /// <returns>The services.</returns>
    /// <example><code>
    /// services.AddLogging().AddTclr(options => options.RecipeName = "ucf101-r3d18-paper");
    /// services.Configure&lt;TclrOptions&gt;(configuration.GetSection("Tclr"));
    ///
    /// var recipe = provider.GetRequiredService&lt;TclrRecipe&gt;();
    /// using var trainer = provider.GetRequiredService&lt;TclrTrainerBuilder&gt;().FromVideos(index, recipe).Build();
    /// </code></example>
    public static IServiceCollection AddTclr(this IServiceCollection services, Action<TclrOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<TclrOptions>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddTransient(provider => provider.GetRequiredService<IOptions<TclrOptions>>().Value.Resolve());
        services.TryAddTransient(provider => Builder(
            provider.GetRequiredService<IOptions<TclrOptions>>().Value, provider.GetRequiredService<TclrRecipe>(), provider.GetService<ILoggerFactory>()));
        return services;
    }

    private static TclrTrainerBuilder Builder(TclrOptions options, TclrRecipe recipe, ILoggerFactory? loggers)
    {
        var builder = new TclrTrainerBuilder().UseRecipe(recipe).OnDevice(TorchRuntime.ParseDevice(options.Device));
        if (loggers is not null)
        {
            builder.LogTo(loggers.CreateLogger<TclrTrainer>());
        }

        if (options.Output is { } output)
        {
            builder.SaveTo(output);
        }

        return options.Resume ? builder.Resume() : builder;
    }
}
