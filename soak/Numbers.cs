namespace Tclr.Soak;

/// <summary>Runs the same work under other conditions and compares the results: what is promised to be equal bit for bit, and what is not.</summary>
internal static class Numbers
{
    private static readonly (string Condition, bool SameWeights, string[] Environment)[] Conditions =
    [
        ("again", true, []),
        ("2 loader workers", true, ["TCLR_SOAK_WORKERS=2"]),
        ("4 loader workers", true, ["TCLR_SOAK_WORKERS=4"]),
        ("Turkish language", true, ["LANG=tr_TR.UTF-8", "LC_ALL=tr_TR.UTF-8"]),
        ("Arabic language", true, ["LANG=ar_SA.UTF-8", "LC_ALL=ar_SA.UTF-8"]),
        ("another time zone", true, ["TZ=Asia/Kolkata"]),
        ("no tiered compilation", true, ["DOTNET_TieredCompilation=0"]),
        (".NET without AVX-512", false, ["DOTNET_EnableAVX512=0"]),
        (".NET without AVX2", false, ["DOTNET_EnableAVX2=0"]),
        (".NET without vectors", false, ["DOTNET_EnableHWIntrinsic=0"]),
        ("2 threads of torch", false, ["TCLR_SOAK_THREADS=2"]),
        ("the batched loss kernel", false, ["TCLR_SOAK_KERNEL=batched"]),
        ("torch without AVX-512", false, ["ATEN_CPU_CAPABILITY=avx2"]),
        ("torch without AVX2", false, ["ATEN_CPU_CAPABILITY=default"]),
    ];

    public static int Run(string folder)
    {
        string[] expected = Result([]);
        int broken = 0;
        Console.WriteLine("| condition | clips (promised: equal) | weights | promised |\n|---|---|---|---|");
        foreach (var (condition, sameWeights, environment) in Conditions)
        {
            string[] result = Result(environment);
            bool clips = string.Equals(result[0], expected[0], StringComparison.Ordinal), weights = string.Equals(result[1], expected[1], StringComparison.Ordinal);
            broken += !clips || (sameWeights && !weights) ? 1 : 0;
            Console.WriteLine($"| {condition} | {Bits(clips)} | {Bits(weights)} | {(sameWeights ? "equal" : "-")} |");
        }

        return broken == 0 ? 0 : 1;

        string[] Result(string[] environment)
        {
            string place = Directory.CreateDirectory(Path.Combine(folder, Guid.NewGuid().ToString("N"))).FullName;
            var (result, _, _) = Child.Run(place, killAfter: null, environment);
            Directory.Delete(place, recursive: true);
            return result!.Split('-');
        }

        static string Bits(bool equal) => equal ? "equal" : "other bits";
    }
}
