using System.Numerics;
using System.Runtime.InteropServices;

namespace Tclr.Fuzz;

/// <summary>The branches that a case took, counted by the code that SharpFuzz adds to the assemblies.</summary>
internal sealed unsafe class Coverage
{
    private const int Size = 1 << 16;

    private readonly byte* hits = (byte*)NativeMemory.AlignedAlloc(Size, 64);
    private readonly byte[] seen = new byte[Size];

    public Coverage() => SharpFuzz.Common.Trace.SharedMem = hits;

    /// <summary>Number of branches that were ever taken. 0 if the assemblies are not instrumented.</summary>
    public int Branches { get; private set; }

    /// <summary>Forgets all cases.</summary>
    public void Reset()
    {
        Array.Clear(seen);
        Branches = 0;
    }

    /// <summary>Forgets the last case.</summary>
    public void Clear()
    {
        new Span<byte>(hits, Size).Clear();
        SharpFuzz.Common.Trace.PrevLocation = 0;
    }

    /// <summary>Whether the last case took a branch that none took before, or one another number of times: 1, 2, 3, 4-7, 8-15, ...</summary>
    public bool IsNew()
    {
        bool found = false;
        var words = new ReadOnlySpan<ulong>(hits, Size / sizeof(ulong));
        for (int w = 0; w < words.Length; w++)
        {
            if (words[w] == 0)
            {
                continue;
            }

            for (int i = w * sizeof(ulong); i < (w + 1) * sizeof(ulong); i++)
            {
                byte count = hits[i] is 3 ? (byte)4 : hits[i] is > 3 ? (byte)(1 << Math.Min(7, BitOperations.Log2(hits[i]) + 1)) : hits[i];
                if ((count & ~seen[i]) != 0)
                {
                    Branches += seen[i] == 0 ? 1 : 0;
                    seen[i] |= count;
                    found = true;
                }
            }
        }

        return found;
    }
}
