using System.Diagnostics;
using System.Globalization;
using Tclr.Benchmarks.Distributed;

// Under mpirun; see docs/benchmarks/distributed.md.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["sums"]:
        Sums.Run();
        return 0;
    case ["step"]:
        StepExchange.Run();
        return 0;
    default:
        Console.Error.WriteLine("usage: mpirun -n 2 --bind-to none dotnet Tclr.Benchmarks.Distributed.dll sums|step");
        return 1;
}

namespace Tclr.Benchmarks.Distributed
{
    /// <summary>Times of one kind of work.</summary>
    internal sealed class Times(string name)
    {
        private readonly List<double> milliseconds = [];

        public string Name => name;

        public double Best => milliseconds.Min();

        public double Median => milliseconds.Order().ElementAt(milliseconds.Count / 2);

        public void Measure(Action work)
        {
            long start = Stopwatch.GetTimestamp();
            work();
            milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
    }
}
