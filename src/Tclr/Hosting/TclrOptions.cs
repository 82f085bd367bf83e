namespace Tclr;

/// <summary>What <c>services.AddTclr(...)</c> sets up; bind it to a section of the configuration or set it in code.</summary>
public sealed class TclrOptions
{
    /// <summary>The recipe: a name of <see cref="TclrRecipes.All"/> or a JSON file.</summary>
    /// <value>The default value is <c>tiny</c>.</value>
    public string RecipeName { get; set; } = "tiny";

    /// <summary>The recipe itself, in place of <see cref="RecipeName"/>.</summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public TclrRecipe? Recipe { get; set; }

    /// <summary>Folder of the run: its checkpoints, metrics and TensorBoard files.</summary>
    /// <value>The default value is <see langword="null"/>: nothing is written.</value>
    public string? Output { get; set; }

    /// <summary>Whether to go on from the newest checkpoint there.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool Resume { get; set; }

    /// <summary>Where to compute, as <c>cpu</c> or <c>cuda:0</c>.</summary>
    /// <value>The default value is <c>cpu</c>.</value>
    public string Device { get; set; } = "cpu";

    /// <summary>The recipe that counts.</summary>
    /// <returns>It.</returns>
    /// <exception cref="InvalidOperationException">There is no recipe of that name, nor a file.</exception>
    public TclrRecipe Resolve()
        => Recipe
            ?? (TclrRecipes.All.TryGetValue(RecipeName, out var create) ? create()
                : File.Exists(RecipeName) ? TclrRecipe.Load(RecipeName)
                : throw new InvalidOperationException($"RecipeName: expected {string.Join(", ", TclrRecipes.All.Keys)} or a JSON file, got '{RecipeName}'"));
}
