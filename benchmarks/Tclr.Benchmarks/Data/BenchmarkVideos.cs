namespace Tclr.Benchmarks;

/// <summary>The 320x240 clips in a folder <c>shared/videos</c> beside or above the checkout.</summary>
internal static class BenchmarkVideos
{
    private static readonly string[] Names =
    [
        "v_SoccerJuggling_g23_c01.avi", "v_SoccerJuggling_g24_c01.avi", "v_BaseballPitch_g01_c01.avi", "v_biking_01_01.mpg",
    ];

    /// <summary>Their paths.</summary>
    /// <exception cref="InvalidOperationException">They are not there.</exception>
    public static IReadOnlyList<string> Require()
        => [.. Names.Select(name => Above(Path.Combine("shared", "videos", name)) ?? throw new InvalidOperationException($"there is no shared/videos/{name} beside or above the checkout"))];

    /// <summary>Finds something in one of the folders above the application.</summary>
    public static string? Above(string relative)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (Path.Combine(at.FullName, relative) is var path && Path.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
