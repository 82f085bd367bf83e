using Tclr.Data;

namespace Tclr.Cli;

/// <summary>Options that name a public data set and its official lists.</summary>
internal sealed class DatasetOptions(Arguments a)
{
    private const int DefaultSplit = 1;

    private static readonly string[] Names = ["ucf101", "hmdb51", "kinetics", "diving48"];

    private readonly string? lists = a.Text("--lists", "Folder with the official lists of --dataset: trainlist01.txt (ucf101), brush_hair_test_split1.txt (hmdb51), train.csv and validate.csv (kinetics), Diving48_V2_train.json (diving48).");
    private readonly int? split = a.Whole("--split", "Split of ucf101 or hmdb51, 1 to 3. Default: 1.", 1);
    private readonly bool skipMissing = a.Flag("--skip-missing", "Leave out videos of --dataset that are not there.");

    /// <summary>The data set; <see langword="null"/> for folders and lists of the user's own.</summary>
    public string? Name { get; } = a.Choice("--dataset", $"Read the videos in --videos by the official lists in --lists: {string.Join(", ", Names)}.", Names);

    /// <summary>Checks that the options are given together.</summary>
    public void Check(string? videos)
    {
        if (Name is null && (lists is not null || split is not null || skipMissing))
        {
            throw new UsageException($"--lists, --split, --skip-missing: expected with --dataset {string.Join(", ", Names)}");
        }

        if (Name is not null && (videos is null || lists is null))
        {
            throw new UsageException($"--dataset {Name}: expected --videos with the folder of the videos and --lists with the folder of the official lists");
        }

        if (split is not null && Name is "kinetics" or "diving48")
        {
            throw new UsageException($"--split: expected with ucf101 or hmdb51, got {Name}, which has one");
        }

        if (split > 3)
        {
            throw new UsageException(FormattableString.Invariant($"--split: expected 1 to 3, got {split}"));
        }
    }

    /// <summary>Finds the videos of a part, without opening them.</summary>
    public VideoDataset Find(string videos, SplitPart part)
    {
        try
        {
            return Name switch
            {
                "ucf101" => VideoDatasets.Ucf101(videos, lists!, part, split ?? DefaultSplit, skipMissing),
                "hmdb51" => VideoDatasets.Hmdb51(videos, lists!, part, split ?? DefaultSplit, skipMissing),
                "kinetics" => VideoDatasets.Kinetics(videos, File(part == SplitPart.Train ? ["train.csv"] : ["validate.csv", "val.csv", "test.csv"]), skipMissing: skipMissing),
                _ => VideoDatasets.Diving48(
                    videos, File(part == SplitPart.Train ? ["Diving48_V2_train.json", "Diving48_train.json"] : ["Diving48_V2_test.json", "Diving48_test.json"]),
                    System.IO.File.Exists(Path.Combine(lists!, "Diving48_vocab.json")) ? Path.Combine(lists!, "Diving48_vocab.json") : null, skipMissing),
            };
        }
        catch (VideoDataException e)
        {
            // The parameter of the library is an option here.
            throw new UsageException(e.Message.Replace("with skipMissing", "with --skip-missing", StringComparison.Ordinal), e);
        }
    }

    private string File(string[] names) => names.Select(name => Path.Combine(lists!, name)).FirstOrDefault(System.IO.File.Exists)
        ?? throw new UsageException($"--lists: expected {string.Join(" or ", names)} in '{lists}'");
}
