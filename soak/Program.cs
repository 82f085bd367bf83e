using System.Globalization;
using Tclr.Soak;

const string Usage = "usage: soak kills [N] [FOLDER] | soak steady [STEPS] [FOLDER] | soak numbers";
string folder = Path.Combine(args.Length > 2 ? args[2] : "soak", args.FirstOrDefault(string.Empty));
switch (args)
{
    case ["work", var place]:
        string result = await Work.RunAsync(place, Console.WriteLine);
        Console.WriteLine($"result {result}");
        return 0;
    case ["kills", ..] when Number(100) is { } kills:
        return Kills.Run(kills, folder, seed: 19);
    case ["numbers"]:
        return Numbers.Run(folder);
    case ["steady", ..] when Number(10_000) is { } steps:
        return await Steady.RunAsync(steps, folder);
    default:
        Console.Error.WriteLine(Usage);
        return 64;
}

int? Number(int otherwise) => args.Length < 2 ? otherwise : int.TryParse(args[1], NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0 ? value : null;
