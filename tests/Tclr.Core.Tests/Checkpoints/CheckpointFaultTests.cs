namespace Tclr.Core.Tests;

/// <summary>Every file operation of a checkpoint fails in turn, as on a full disk, a failing one, or in a folder that became read-only.</summary>
[NoTensorLeaks(Parameters = true)]
public sealed class CheckpointFaultTests : FolderTests
{
    private static readonly string[] Operations = ["create", "flush", "read", "rename", "delete"];

    private string Checkpoints => Folder["c"];

    private CheckpointStore Store => new(Checkpoints);

    [Test]
    public async Task Whichever_operation_of_a_checkpoint_fails_the_last_good_one_stays_and_is_named([Values] bool denied)
    {
        var operations = new List<string>();
        await RunAsync(steps: 2, (operation, path) => operations.Add(operation), fresh: true);
        Assert.That(Operations.Except(operations, StringComparer.Ordinal), Is.EqualTo(new[] { "delete" }), "what a first checkpoint does");

        for (int at = 0; ; at++)
        {
            await RunAsync(steps: 1, fault: null, fresh: true);
            byte[] before = await File.ReadAllBytesAsync(Store.NewestValid()!.EncoderPath);
            int count = 0;
            var error = await FailureAsync(steps: 2, (operation, path) =>
            {
                if (count++ == at)
                {
                    throw Fault(denied, operation, path);
                }
            });

            if (count <= at)
            {
                Assert.That(error, Is.Null);
                Assert.That(at, Is.GreaterThan(10), "operations that failed");
                break;
            }

            var newest = Store.NewestValid();
            if (error is not null)
            {
                Assert.That(error.Message, Does.Contain("step-00000002' could not be written (").And.Contain($"the newest is '{newest!.Folder}'"), $"operation {at}");
            }

            Assert.That(newest!.Step, Is.EqualTo(1).Or.EqualTo(2), $"operation {at}");
            newest.Verify();
            Assert.That(newest.Step == 2 || (await File.ReadAllBytesAsync(newest.EncoderPath)).SequenceEqual(before), $"operation {at}: the checkpoint before is unchanged");

            // The cause is gone: the run goes on, and nothing is left of what failed.
            await RunAsync(steps: 2, fault: null);
            Assert.That(Store.NewestValid()!.Step, Is.EqualTo(2), $"operation {at}");
            Assert.That(Directory.GetFileSystemEntries(Checkpoints).Select(Path.GetFileName), Has.All.StartsWith("step-"), $"operation {at}");
        }
    }

    // With one checkpoint kept there is no earlier one to fall back to.
    [Test]
    public async Task A_checkpoint_that_replaces_one_of_the_same_step_is_never_missing()
    {
        await RunAsync(steps: 1, fault: null, fresh: true);
        using var snapshot = new CheckpointSnapshot(Store.NewestValid()!.State);
        var store = new CheckpointStore(Checkpoints, keep: 1);
        int failed = 0;
        bool injected = true;
        for (int at = 0; injected; at++)
        {
            int count = 0;
            injected = false;
            FileFaults.Inject((operation, path) =>
            {
                if (count++ == at)
                {
                    injected = true;
                    throw Fault(denied: false, operation, path);
                }
            });
            try
            {
                store.Save(snapshot);
            }
            catch (CheckpointException)
            {
                failed++;
            }

            FileFaults.Inject(null);
            Assert.That(store.NewestValid()?.Step, Is.EqualTo(1), $"operation {at}");
        }

        Assert.That(failed, Is.GreaterThan(5));
    }

    // A process that ended between the renames.
    [TestCase(false)]
    [TestCase(true)]
    public async Task A_replacement_that_was_cut_off_is_found(bool placed)
    {
        await RunAsync(steps: 1, fault: null, fresh: true);
        string final = Store.Newest!, old = Path.Combine(Checkpoints, ".replaced-" + Path.GetFileName(final));
        if (placed)
        {
            Directory.CreateDirectory(old);
        }
        else
        {
            Directory.Move(final, old);
        }

        Assert.That(Store.NewestValid()!.Folder, Is.EqualTo(final));
        Assert.That(Directory.Exists(old), Is.False);
    }

    [Test]
    public async Task A_disk_that_is_full_at_any_size_leaves_the_last_good_one()
    {
        if (!OperatingSystem.IsLinux() || !Mount(Folder["disk"], kilobytes: 1024))
        {
            Assert.Ignore("a small disk is mounted, which needs Linux and the right to mount");
        }

        try
        {
            string checkpoints = Folder["disk/c"];
            var store = new CheckpointStore(checkpoints);
            int refused = 0;
            for (int free = 0; free <= 64; free += 4)
            {
                File.Delete(Folder["disk/filler"]);
                if (Directory.Exists(checkpoints))
                {
                    Directory.Delete(checkpoints, recursive: true);
                }

                using (var first = Builder(steps: 1, checkpoints).Build())
                {
                    await first.TrainAsync();
                }

                Fill(free << 10);
                try
                {
                    using var second = Builder(steps: 2, checkpoints).Resume().Build();
                    await second.TrainAsync();
                }
                catch (CheckpointException e)
                {
                    refused++;
                    Assert.That(e.Message, Does.Contain("No space left on device").And.Contain("Free space or choose another folder"), $"{free} KiB free");
                }

                Assert.That(store.NewestValid()!.Step, Is.EqualTo(1).Or.EqualTo(2), $"{free} KiB free");
            }

            Assert.That(refused, Is.InRange(3, 16), "of 17 sizes");
        }
        finally
        {
            Start("umount", Folder["disk"]);
        }

        void Fill(long free)
        {
            using var filler = File.Create(Folder["disk/filler"]);
            filler.SetLength(0);
            byte[] block = new byte[4096];
            try
            {
                while (new DriveInfo(Folder["disk"]).AvailableFreeSpace > free)
                {
                    filler.Write(block);
                    filler.Flush();
                }
            }
            catch (IOException)
            {
                // Full.
            }
        }
    }

    // The newest checkpoint is the one of the latest step, whatever the clock said when it was written.
    [Test]
    public async Task A_clock_that_goes_backwards_changes_nothing()
    {
        await RunAsync(steps: 2, fault: null, fresh: true);
        var now = DateTime.UtcNow;
        foreach (var (i, folder) in Store.All.Index())
        {
            foreach (string path in Directory.GetFiles(folder).Append(folder))
            {
                Directory.SetLastWriteTimeUtc(path, now.AddYears(10 * (1 - i)));
            }
        }

        Assert.That(Store.NewestValid()!.Step, Is.EqualTo(2));
        await RunAsync(steps: 4, fault: null);
        Assert.That(Store.All.Select(Path.GetFileName), Is.EqualTo(new[] { "step-00000003", "step-00000004" }));
    }

    [Test]
    public async Task Checkpoints_that_are_deleted_during_a_run_are_written_again()
    {
        byte[] straight = await TinyRun.WeightsAfter(TinyRun.Builder().UseSchedule(LearningRateSchedules.Constant).ForSteps(5));
        await RunAsync(steps: 3, fault: null, fresh: true);
        using var trainer = Builder(steps: 5, Checkpoints).Resume().Build();

        Directory.Delete(Checkpoints, recursive: true);
        await trainer.TrainAsync();

        Assert.That(Store.All.Select(Path.GetFileName), Is.EqualTo(new[] { "step-00000004", "step-00000005" }));
        Assert.That(Store.NewestValid()!.Step, Is.EqualTo(5));
        Assert.That(TinyRun.Weights(trainer), Is.EqualTo(straight));
    }

    private static IOException Disk(string operation, string path) => new($"No space left on device : '{operation} {path}'");

    private static Exception Fault(bool denied, string operation, string path)
        => denied ? new UnauthorizedAccessException($"Access to the path '{path}' is denied.") : Disk(operation, path);

    private static TclrTrainerBuilder Builder(int steps, string checkpoints) => TinyRun.Builder().UseSchedule(LearningRateSchedules.Constant).ForSteps(steps).CheckpointTo(checkpoints, everySteps: 1);

    private static bool Mount(string folder, int kilobytes)
    {
        Directory.CreateDirectory(folder);
        return Start("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", folder);
    }

    private static bool Start(string command, params string[] arguments)
    {
        try
        {
            using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(command, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private async Task RunAsync(int steps, Action<string, string>? fault, bool fresh = false)
    {
        if (fresh && Directory.Exists(Checkpoints))
        {
            Directory.Delete(Checkpoints, recursive: true);
        }

        var error = await FailureAsync(steps, fault, resume: !fresh);
        Assert.That(error, Is.Null);
    }

    private async Task<CheckpointException?> FailureAsync(int steps, Action<string, string>? fault, bool resume = true)
    {
        try
        {
            var builder = Builder(steps, Checkpoints);
            using var trainer = (resume ? builder.Resume() : builder).Build();
            FileFaults.Inject(fault);
            await trainer.TrainAsync();
            return null;
        }
        catch (CheckpointException e)
        {
            return e;
        }
        finally
        {
            FileFaults.Inject(null);
        }
    }
}
