using System.Collections.Concurrent;
using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>Measures a device's peak float32 throughput by multiplying two square matrices.</summary>
internal static class DevicePeak
{
    private const int Tries = 3;
    private static readonly ConcurrentDictionary<(string Device, int Threads), double> Known = new();

    /// <summary>Returns the peak in operations per second. Measured once for each device and number of threads, within tens of milliseconds.</summary>
    public static double OperationsPerSecond(Device device, int threads) => Known.GetOrAdd((device.ToString(), threads), _ => Measure(device));

    private static double Measure(Device device)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        long size = device.type == DeviceType.CPU ? 768 : 8192;
        var a = ones([size, size], device: device);
        Product();
        double best = double.PositiveInfinity;
        for (int i = 0; i < Tries; i++)
        {
            best = Math.Min(best, Product());
        }

        return 2.0 * size * size * size / best;

        double Product()
        {
            long before = Stopwatch.GetTimestamp();
            using var product = a.mm(a);
            using var corner = product.narrow(0, 0, 1).narrow(1, 0, 1);
            HostTransfer.Read(corner);
            return Stopwatch.GetElapsedTime(before).TotalSeconds;
        }
    }
}
