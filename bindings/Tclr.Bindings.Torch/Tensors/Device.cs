using System.Globalization;
using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>Kinds of devices.</summary>
public enum DeviceType
{
    /// <summary>The processor.</summary>
    CPU = 0,

    /// <summary>An NVIDIA GPU.</summary>
    CUDA = 1,
}

public static partial class torch
{
    /// <summary>The processor.</summary>
    public static readonly Device CPU = new(DeviceType.CPU);

    /// <summary>The current NVIDIA GPU.</summary>
    public static Device CUDA => new(DeviceType.CUDA);

    /// <summary>A device from its description.</summary>
    /// <param name="description">For instance <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>.</param>
    /// <returns>The device.</returns>
    public static Device device(string description) => new(description);

    /// <summary>A device from its kind.</summary>
    /// <param name="deviceType">The kind.</param>
    /// <param name="index">Which one, or -1 for the current one.</param>
    /// <returns>The device.</returns>
    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);

    /// <summary>A device on which tensors live.</summary>
    public class Device
    {
        /// <summary>A device from its description.</summary>
        /// <param name="description">For instance <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>.</param>
        /// <exception cref="ArgumentException">The description is none of a device.</exception>
        public Device(string description)
        {
            ArgumentNullException.ThrowIfNull(description);
            string[] parts = description.Split(':');
            if (parts.Length > 2 || !Enum.TryParse(parts[0], ignoreCase: true, out DeviceType kind) || !Enum.IsDefined(kind))
            {
                throw new ArgumentException($"expected a device such as 'cpu' or 'cuda:0', got '{description}'", nameof(description));
            }

            type = kind;
            index = parts.Length == 2 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : -1;
        }

        /// <summary>A device from its kind.</summary>
        /// <param name="deviceType">The kind.</param>
        /// <param name="index">Which one, or -1 for the current one.</param>
        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = index;
        }

        /// <summary>The kind.</summary>
        public DeviceType type { get; }

        /// <summary>Which one of its kind, or -1 for the current one.</summary>
        public int index { get; }

        /// <summary>A device from its description.</summary>
        /// <param name="description">For instance <c>cuda:1</c>.</param>
        public static implicit operator Device(string description) => new(description);

        /// <inheritdoc/>
        public override string ToString() => type.ToString().ToLowerInvariant() + (index < 0 ? string.Empty : $":{index}");
    }

    /// <summary>NVIDIA GPUs.</summary>
    public static class cuda
    {
        /// <summary>Whether a GPU can be used.</summary>
        /// <returns>True if there is one and libtorch was built for it.</returns>
        public static bool is_available() => device_count() > 0;

        /// <summary>Number of GPUs that can be used.</summary>
        /// <returns>0 without a GPU.</returns>
        public static int device_count()
        {
            Native.Check(Native.tclr_cuda_devices(out int count));
            return count;
        }

        /// <summary>Waits until the device has done all its work.</summary>
        /// <param name="device">The device; the current one if null.</param>
        public static void synchronize(Device? device = null) => Native.Check(Native.tclr_cuda_synchronize(device?.index ?? -1));
    }
}
