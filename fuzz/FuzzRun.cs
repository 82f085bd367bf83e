using System.Diagnostics;
using System.Security.Cryptography;

namespace Tclr.Fuzz;

/// <summary>Gives a reader mutated files until time is up, and keeps those that reach new code.</summary>
internal sealed class FuzzRun
{
    private const int ReportEverySeconds = 60;

    // A case that takes longer hangs: in processor time, or, if it waits, in ticks of the watch, so that a paused process counts nothing.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private const int MaximumTicks = 600;

    // Of native code too. The libraries need some 300 MB.
    private const long MaximumMemory = 2L << 30;

    private readonly FuzzTarget target;
    private readonly string results;
    private readonly string current;
    private readonly Coverage coverage;
    private readonly List<byte[]> corpus = [];
    private readonly HashSet<string> findings = new(StringComparer.Ordinal);
    private long cases;
    private long ticks;
    private TimeSpan begun;

    /// <summary>Prepares a run.</summary>
    /// <param name="target">The reader.</param>
    /// <param name="results">Folder of the corpus and the findings, which a later run goes on with.</param>
    /// <param name="coverage">What tells new code.</param>
    public FuzzRun(FuzzTarget target, string results, Coverage coverage)
    {
        this.target = target;
        this.coverage = coverage;
        coverage.Reset();
        this.results = Path.Combine(results, target.Name);
        current = Path.Combine(this.results, "current");
        Directory.CreateDirectory(Path.Combine(this.results, "corpus"));
        Directory.CreateDirectory(Path.Combine(this.results, "findings"));
    }

    /// <summary>Runs cases.</summary>
    /// <returns>The number of different findings.</returns>
    public int Run(TimeSpan duration, long maximumCases, int seed)
    {
        if (File.Exists(current) && File.ReadAllText(current) is { Length: > 0 } left && File.Exists(left))
        {
            Save(File.ReadAllBytes(left), "the process ended within this case");
        }

        string folder = Path.Combine(Path.GetTempPath(), $"tclr-fuzz-{target.Name}-{Environment.ProcessId}");
        try
        {
            var (path, seeds) = FuzzTargets.Prepare(target, folder);
            File.WriteAllText(current, path);
            using var watch = new Timer(_ => Watch(path), state: null, Tick, Tick);
            foreach (byte[] input in seeds.Concat(Directory.EnumerateFiles(Path.Combine(results, "corpus")).Select(File.ReadAllBytes)))
            {
                Try(path, input);
            }

            Loop(path, seeds, duration, maximumCases, seed);
            File.Delete(current);
            Report();
            return findings.Count;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Loop(string path, List<byte[]> seeds, TimeSpan duration, long maximumCases, int seed)
    {
        var random = new Random(seed);
        var mutator = new Mutator(random, target.Tokens);
        var clock = Stopwatch.StartNew();
        var reported = TimeSpan.Zero;
        while (clock.Elapsed < duration && cases < maximumCases)
        {
            byte[] input = mutator.Next(corpus.Count > 0 ? corpus : seeds);
            Try(path, random.Next(4) == 0 ? input : target.Complete(input));
            if (clock.Elapsed - reported > TimeSpan.FromSeconds(ReportEverySeconds))
            {
                reported = clock.Elapsed;
                Report();
            }
        }
    }

    private void Try(string path, byte[] input)
    {
        Interlocked.Exchange(ref ticks, 0);
        begun = Environment.CpuUsage.TotalTime;
        coverage.Clear();
        string? finding = FuzzCase.Run(target, path, input);
        cases++;
        if (finding is not null)
        {
            Save(input, finding);
        }
        else if (coverage.IsNew())
        {
            corpus.Add(input);
            File.WriteAllBytes(Path.Combine(results, "corpus", NameOf(input)), input);
        }
    }

    private void Watch(string path)
    {
        if (Environment.WorkingSet > MaximumMemory)
        {
            End(path, FormattableString.Invariant($"the process has {Environment.WorkingSet >> 20} MiB"));
        }

        if (Interlocked.Increment(ref ticks) > MaximumTicks || (ticks > Limit / Tick && Environment.CpuUsage.TotalTime - begun > Limit))
        {
            End(path, FormattableString.Invariant($"a case takes longer than {Limit.TotalSeconds} s"));
        }
    }

    private void End(string path, string finding)
    {
        Save(File.ReadAllBytes(path), finding);
        File.Delete(current);
        Environment.Exit(2);
    }

    // One file for each kind of finding: the exception and where it came from.
    private void Save(byte[] input, string finding)
    {
        string[] lines = finding.Split('\n');
        string kind = lines[0].Split(':')[0] + lines.FirstOrDefault(line => line.Contains("at Tclr.", StringComparison.Ordinal) && !line.Contains("Tclr.Fuzz", StringComparison.Ordinal));
        if (findings.Add(kind))
        {
            string file = Path.Combine(results, "findings", NameOf(input));
            File.WriteAllBytes(file, input);
            File.WriteAllText(file + ".txt", finding);
            Console.WriteLine($"{target.Name}: {file}\n{finding}");
        }
    }

    private void Report() => Console.WriteLine(FormattableString.Invariant(
        $"{target.Name}: {cases} cases, {corpus.Count} files of the corpus, {coverage.Branches} branches, {findings.Count} findings"));

    private static string NameOf(byte[] input) => Convert.ToHexStringLower(SHA256.HashData(input).AsSpan(0, 8));
}
