using System.Runtime.InteropServices;
using Tclr.Distributed;
using Tclr.Distributed.Mpi;
using static TorchSharp.torch;

namespace Tclr.Benchmarks.Distributed;

/// <summary>Sums the gradients of R3D-18 over the ranks in pieces of several sizes, beside a copy of as much memory there and back.</summary>
internal static unsafe class Sums
{
    private const int Count = 33_166_000;
    private const int Rounds = 15;

    private static readonly int[] Pieces = [1 << 16, 1 << 18, 1 << 20, 1 << 22, 25_000_000, 1 << 30];

    public static void Run()
    {
        var launcher = Launcher.Find(Environment.GetEnvironmentVariable) ?? throw new InvalidOperationException("start it under mpirun");
        var library = MpiLibrary.Load(launcher);
        library.Initialize();
        long bytes = Count * sizeof(float);
        float* values = (float*)NativeMemory.AlignedAlloc((nuint)bytes, 4096), other = (float*)NativeMemory.AlignedAlloc((nuint)bytes, 4096);
        new Span<float>(values, Count).Fill(1);
        new Span<float>(other, Count).Fill(1);
        var copy = new Times("copy there and back");
        var sums = Pieces.Select(piece => (Times: new Times(piece >= bytes ? "whole" : $"{piece:N0} bytes"), Mpi: new MpiCommunicator(library, piece, MpiCommunicator.LargestMessage))).ToArray();
        for (int round = -1; round < Rounds; round++)
        {
            Both(copy, () =>
            {
                Buffer.MemoryCopy(values, other, bytes, bytes);
                Buffer.MemoryCopy(other, values, bytes, bytes);
            });
            foreach (var (times, mpi) in sums)
            {
                Both(times, () => mpi.Sum((nint)values, Count, ScalarType.Float32));
                new Span<float>(values, Count).Fill(1);
            }

            void Both(Times times, Action work)
            {
                sums[0].Mpi.Barrier();
                (round < 0 ? new Times("warm-up") : times).Measure(() =>
                {
                    work();
                    sums[0].Mpi.Barrier();
                });
            }
        }

        if (sums[0].Mpi.Rank == 0)
        {
            Console.WriteLine($"{library.Version}, {sums[0].Mpi.Size} processes, {Count:N0} floats, {Rounds} rounds; best / median in ms and as a multiple of the copy");
            foreach (var times in sums.Select(sum => sum.Times).Prepend(copy))
            {
                Console.WriteLine($"| {times.Name} | {times.Best:0.0} / {times.Median:0.0} | {times.Best / copy.Best:0.00} / {times.Median / copy.Median:0.00} |");
            }
        }

        NativeMemory.AlignedFree(values);
        NativeMemory.AlignedFree(other);
        library.End();
    }
}
