using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Tclr.Core;

namespace Tclr.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class HostingTests : FolderTests
{
    [Test]
    public async Task A_container_gives_a_builder_that_lacks_only_the_videos()
    {
        var services = new ServiceCollection().AddLogging().AddTclr(options =>
        {
            options.Recipe = TclrRecipes.Tiny() with { Steps = 2, BatchSize = 2 };
            options.Output = Folder["run"];
        });
        await using var provider = services.BuildServiceProvider();

        using (var trainer = provider.GetRequiredService<TclrTrainerBuilder>().UseClips(new FormulaClips(8, new ViewLayout(2, 4), 3, 8, 16, 16)).Build())
        {
            Assert.That((await trainer.TrainAsync()).Completed, Is.True);
        }

        services.Configure<TclrOptions>(options => options.Resume = true);
        await using var again = services.BuildServiceProvider();
        using var resumed = again.GetRequiredService<TclrTrainerBuilder>().UseClips(new FormulaClips(8, new ViewLayout(2, 4), 3, 8, 16, 16)).Build();
        Assert.That(resumed.Step, Is.EqualTo(2));
    }

    [Test]
    public void Recipes_go_by_name_or_by_file()
    {
        (TclrRecipes.Tiny() with { Name = "mine" }).Save(Folder["mine.json"]);

        Assert.That(Resolved("ucf101-r3d18-PAPER").Name, Is.EqualTo("ucf101-r3d18-paper"));
        Assert.That(Resolved(Folder["mine.json"]).Name, Is.EqualTo("mine"));
        Assert.That(() => Resolved("mien"), Throws.TypeOf<RecipeException>().With.Message.Contains("expected ucf101-r3d18-reference, ucf101-r3d18-paper").And.Message.Contains("got 'mien'"));

        static TclrRecipe Resolved(string name)
        {
            using var provider = new ServiceCollection().AddTclr().Configure<TclrOptions>(options => options.RecipeName = name).BuildServiceProvider();
            Assert.That(provider.GetRequiredService<IOptions<TclrOptions>>().Value.RecipeName, Is.EqualTo(name));
            return provider.GetRequiredService<TclrRecipe>();
        }
    }

    [Test]
    public void Two_builders_are_two()
    {
        using var provider = new ServiceCollection().AddTclr().BuildServiceProvider();

        var first = provider.GetRequiredService<TclrTrainerBuilder>();
        Assert.That(provider.GetRequiredService<TclrTrainerBuilder>(), Is.Not.SameAs(first));
    }
}
