using System.Globalization;
using Tclr.Fuzz;

const string Usage = "usage: fuzz [READER...] [--video FILE...] [--minutes N] [--cases N] [--seed N] [--results FOLDER]";

// First of all: instrumented code writes to its memory.
var coverage = new Coverage();
var targets = FuzzTargets.All().ToDictionary(target => target.Name, StringComparer.Ordinal);
var chosen = new List<FuzzTarget>();
double minutes = 1;
long cases = long.MaxValue;
int seed = Environment.TickCount;
string results = "fuzz";
for (int i = 0; i < args.Length; i++)
{
    if (i + 1 < args.Length && args[i] is "--minutes" or "--cases" or "--seed" or "--results" or "--video")
    {
        string value = args[++i];
        switch (args[i - 1])
        {
            case "--minutes" when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out minutes) && minutes > 0:
            case "--cases" when long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out cases):
            case "--seed" when int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out seed):
                break;
            case "--results":
                results = value;
                break;
            case "--video" when File.Exists(value):
                chosen.Add(VideoTarget.Of(value));
                break;
            default:
                return Fail($"{args[i - 1]}: expected a number or a file, got '{value}'");
        }
    }
    else if (targets.TryGetValue(args[i], out var target))
    {
        chosen.Add(target);
    }
    else
    {
        return Fail($"'{args[i]}': expected a reader, one of {string.Join(", ", targets.Keys)}");
    }
}

int findings = (chosen.Count > 0 ? chosen : [.. targets.Values]).Sum(target => new FuzzRun(target, results, coverage).Run(TimeSpan.FromMinutes(minutes), cases, seed));
return findings == 0 ? 0 : 1;

static int Fail(string message)
{
    Console.Error.WriteLine($"{message}\n{Usage}");
    return 64;
}
