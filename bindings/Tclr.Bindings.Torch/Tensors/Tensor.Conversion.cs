using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // Other types of elements and other devices.
    public partial class Tensor
    {
        /// <summary>Another type of elements.</summary>
        /// <param name="type">The type.</param>
        /// <param name="copy">Whether to copy even if nothing changes.</param>
        /// <param name="disposeAfter">Whether to dispose this tensor afterwards.</param>
        /// <param name="non_blocking">Whether the host may go on before the copy is done.</param>
        /// <returns>A new tensor object.</returns>
        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
            => to(type, device, copy, disposeAfter, non_blocking);

        /// <summary>Another device.</summary>
        /// <param name="device">The device.</param>
        /// <param name="copy">Whether to copy even if nothing changes.</param>
        /// <param name="disposeAfter">Whether to dispose this tensor afterwards.</param>
        /// <param name="non_blocking">Whether the host may go on before the copy is done.</param>
        /// <returns>A new tensor object.</returns>
        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
            => to(dtype, device, copy, disposeAfter, non_blocking);

        /// <summary>Another type of elements and another device.</summary>
        /// <param name="type">The type.</param>
        /// <param name="device">The device.</param>
        /// <param name="copy">Whether to copy even if nothing changes.</param>
        /// <param name="disposeAfter">Whether to dispose this tensor afterwards.</param>
        /// <param name="non_blocking">Whether the host may go on before the copy is done.</param>
        /// <returns>A new tensor object.</returns>
        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            InitializeDevice(device);
            var moved = Operators.ToDevice.Call(this, device, type, non_blocking, copy);
            if (disposeAfter)
            {
                Dispose();
            }

            return moved;
        }
    }
}
