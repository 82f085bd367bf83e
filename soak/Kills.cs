namespace Tclr.Soak;

/// <summary>Kills a process at random moments, lets others go on to the end, and compares the results with those of a run that was left alone.</summary>
internal static class Kills
{
    public static int Run(int kills, string folder, int seed)
    {
        var random = new Random(seed);
        Directory.CreateDirectory(folder);
        var (expected, length, _) = Child.Run(Fresh(folder));
        Console.WriteLine(FormattableString.Invariant($"a run that is left alone takes {length.TotalSeconds:F1} s: {expected}"));
        var parts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        int different = 0;
        for (int done = 0; done < kills;)
        {
            string place = Fresh(folder);
            string? result = null;
            bool whole = true;

            // Killed on and on, at moments of the whole run, until one process reaches the end.
            while (result is null)
            {
                (result, var time, string part) = Child.Run(place, done < kills ? length * random.NextDouble() : null);
                length = result is not null && whole && time < length ? time : length;
                whole = false;
                if (result is null)
                {
                    done++;
                    parts[part] = parts.GetValueOrDefault(part) + 1;
                }
            }

            if (!string.Equals(result, expected, StringComparison.Ordinal))
            {
                different++;
                Console.WriteLine($"another result in {place}: {result}");
            }
            else
            {
                Directory.Delete(place, recursive: true);
            }

            Console.WriteLine($"{done} kills ({string.Join(", ", parts.Select(part => $"{part.Key} {part.Value}"))}), {different} other results");
        }

        return different == 0 ? 0 : 1;
    }

    private static string Fresh(string folder) => Directory.CreateDirectory(Path.Combine(folder, Guid.NewGuid().ToString("N"))).FullName;
}
