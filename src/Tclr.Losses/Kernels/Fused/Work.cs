using static TorchSharp.torch;

namespace Tclr.Losses.Kernels.Fused;

/// <summary>Shares rows among the threads that torch may use.</summary>
internal static class Work
{
    /// <summary>Runs a body over all rows, chunk by chunk; a chunk is for whoever is free.</summary>
    /// <remarks>
    /// Not one range per thread: the other threads of torch's matrix products may still spin on their cores, and this
    /// thread would wait for a range that got half a core.
    /// </remarks>
    /// <param name="count">Number of rows.</param>
    /// <param name="perChunk">Rows of a chunk, 1 or more: enough to be worth handing over.</param>
    /// <param name="start">Makes the scratch memory of a thread.</param>
    /// <param name="body">Takes the scratch memory and a row.</param>
    public static void ForEachRow<TScratch>(int count, int perChunk, Func<TScratch> start, Action<TScratch, int> body)
    {
        int chunks = (count + perChunk - 1) / perChunk, threads = Math.Min(get_num_threads(), chunks);
        if (threads <= 1)
        {
            var scratch = start();
            for (int row = 0; row < count; row++)
            {
                body(scratch, row);
            }

            return;
        }

        Parallel.For(0, chunks, new ParallelOptions { MaxDegreeOfParallelism = threads }, start, (chunk, _, scratch) =>
        {
            int end = Math.Min((chunk + 1) * perChunk, count);
            for (int row = chunk * perChunk; row < end; row++)
            {
                body(scratch, row);
            }

            return scratch;
        }, _ => { });
    }
}
