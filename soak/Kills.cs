using System.Diagnostics;

namespace Tclr.Soak;

/// <summary>Kills a process at random moments, lets others go on to the end, and compares the results with those of a run that was left alone.</summary>
internal static class Kills
{
    public static int Run(int kills, string folder, int seed)
    {
        var random = new Random(seed);
        Directory.CreateDirectory(folder);
        var (expected, length, _) = Start(Fresh(folder), killAfter: null);
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
                (result, var time, string part) = Start(place, done < kills ? length * random.NextDouble() : null);
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

    // The result, null if it was killed; the time; the part at which it was killed.
    private static (string? Result, TimeSpan Time, string Part) Start(string folder, TimeSpan? killAfter)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        start.ArgumentList.Add(typeof(Kills).Assembly.Location);
        start.ArgumentList.Add("work");
        start.ArgumentList.Add(folder);
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        using var timer = killAfter is { } delay ? new Timer(_ => process.Kill(), state: null, delay, Timeout.InfiniteTimeSpan) : null;
        string part = "start";
        string? result = null;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            (part, result) = line.Split(' ') is ["result", var hash] ? (part, hash) : (line, null);
        }

        process.WaitForExit();
        return process.ExitCode switch
        {
            0 => (result, clock.Elapsed, part),
            137 when killAfter is not null => (null, clock.Elapsed, part),
            var code => throw new InvalidOperationException($"the process ended with {code} in '{part}' of {folder}"),
        };
    }
}
