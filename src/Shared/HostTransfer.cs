using System.Diagnostics.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr;

/// <summary>Copies between the host and a device. A copy to the host waits for the device and is counted; a copy to the device does not wait.</summary>
internal static class HostTransfer
{
    private static readonly Meter Meter = new("Tclr.Device");
    private static readonly Counter<long> Reads = Meter.CreateCounter<long>("tclr.device.reads", "{read}", "Copies from a device to the host, each of which waits for the device");

    /// <summary>Reads all elements of a tensor, in row-major order.</summary>
    public static double[] Read(Tensor values)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        return ToHost(values.detach().to(ScalarType.Float64)).data<double>().ToArray();
    }

    /// <summary>Copies a tensor to the CPU, contiguous.</summary>
    public static Tensor ToHost(Tensor values)
    {
        Reads.Add(1);
        return values.cpu().contiguous();
    }

    /// <summary>Copies a tensor of the host to a device without waiting for it.</summary>
    /// <remarks>
    /// Memory that is not page-locked is copied before this returns, page-locked memory is kept by libtorch until the copy is done:
    /// the tensor may be disposed at once.
    /// </remarks>
    public static Tensor ToDevice(Tensor values, Device device) => values.to(device, non_blocking: true);

    /// <summary>Copies numbers that were just computed to a device without waiting for it: for CUDA by way of page-locked memory, so that large ones are not waited for either.</summary>
    public static Tensor Upload(Tensor values, Device device) => ToDevice(device.type == DeviceType.CUDA ? values.pin_memory() : values, device);
}
