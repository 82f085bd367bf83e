namespace Tclr;

/// <summary>Options of <c>services.AddTclr(...)</c>, set in code or bound to a configuration section.</summary>
public sealed class TclrOptions
{
    /// <summary>Name of the recipe in <see cref="TclrRecipes.All"/>, or path of its JSON file.</summary>
    /// <value>The default value is <c>tiny</c>.</value>
    public string RecipeName { get; set; } = "tiny";

    /// <summary>The recipe; takes precedence over <see cref="RecipeName"/>.</summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public TclrRecipe? Recipe { get; set; }

    /// <summary>Folder of the run: its checkpoints, metrics and TensorBoard files.</summary>
    /// <value>The default value is <see langword="null"/>: nothing is written.</value>
    public string? Output { get; set; }

    /// <summary>Whether to resume from the newest checkpoint in <see cref="Output"/>.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool Resume { get; set; }

    /// <summary>The device, such as <c>cpu</c> or <c>cuda:0</c>.</summary>
    /// <value>The default value is <c>cpu</c>.</value>
    public string Device { get; set; } = "cpu";

    internal TclrRecipe Resolve() => Recipe ?? TclrRecipes.Find(RecipeName);
}
