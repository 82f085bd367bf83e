namespace Tclr.Testing;

/// <summary>Material that lies in a folder <c>shared</c> beside or above the checkout, where there is one.</summary>
internal static class SharedFolder
{
    /// <summary>The full path of something in the folder; without it the test is ignored with a message.</summary>
    public static string Require(params string[] parts)
    {
        string relative = Path.Combine(["shared", .. parts]);
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string path = Path.Combine(at.FullName, relative);
            if (Path.Exists(path))
            {
                return path;
            }
        }

        Assert.Ignore($"there is no {relative} beside or above the checkout");
        return string.Empty;
    }
}
