using TorchSharp;

namespace Tclr.Core.Tests;

public sealed class NativeLibraryLoaderTests
{
    private const string Name = "tclr_no_such_library";
    private const string Advice = "dotnet add package Natives";

    private static readonly NativeLibraryLoader Loader = new(typeof(torch).Assembly, "Managed", Advice);

    [TearDown]
    public void RemoveFiles()
    {
        foreach (string file in Directory.GetFiles(AppContext.BaseDirectory, $"*{Name}*"))
        {
            File.Delete(file);
        }
    }

    [Test]
    public void A_library_that_is_not_there_is_a_package_to_add()
        => Assert.That(Error(), Does.Contain("Managed finds no native library").And.Contain(Name).And.Contain(Advice));

    [Test]
    public void A_library_of_another_platform_is_named_as_such()
    {
        string foreign = OperatingSystem.IsWindows() ? $"lib{Name}.so" : $"{Name}.dll";
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, foreign), "a library");

        Assert.That(Error(), Does.Contain("another platform").And.Contain(OperatingSystem.IsWindows() ? "Linux" : "Windows").And.Contain("dotnet publish -r"));
    }

    [Test]
    public void A_library_that_cannot_be_loaded_gives_its_reason_or_the_advice_for_it()
    {
        string file = OperatingSystem.IsWindows() ? $"{Name}.dll" : OperatingSystem.IsMacOS() ? $"lib{Name}.dylib" : $"lib{Name}.so";
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, file), "no library at all");

        Assert.That(Error(), Does.Contain(file).And.Contain("cannot be loaded").And.Contain(Advice));
        Assert.That(Error(explain: reason => reason.Length > 0 ? "do this" : null), Does.EndWith("cannot be loaded. do this"));
    }

    private static string Error(Func<string, string?>? explain = null)
        => Assert.Throws<DllNotFoundException>(() => Loader.Load(Name, explain ?? (_ => null)))!.Message;
}
