using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor of libtorch. Dispose it, or create it inside a <see cref="DisposeScope"/>.</summary>
    public partial class Tensor : IDisposable
    {
        // Smaller tensors are collected soon enough; telling the collector of each would cost more than it gives.
        private const int PressureThresholdKiB = 64;

        private static long totalCount;
        private static long peakCount;

        private readonly int pressureKiB;
        private nint handle;

        private protected Tensor(nint handle, int ownedKiB = 0)
        {
            this.handle = handle;
            long count = Interlocked.Increment(ref totalCount);
            if (count > Interlocked.Read(ref peakCount))
            {
                Interlocked.Exchange(ref peakCount, count);
            }

            Scope = DisposeScopeManager.Current;
            Scope?.Include(this);

            // What a scope will dispose cannot be forgotten, and telling the collector would make it collect for nothing.
            if (Scope is null && ownedKiB >= PressureThresholdKiB)
            {
                pressureKiB = ownedKiB;
                GC.AddMemoryPressure((long)ownedKiB << 10);
            }
        }

        /// <summary>Releases a forgotten tensor.</summary>
        ~Tensor() => Dispose(false);

        /// <summary>Number of tensors alive.</summary>
        public static long TotalCount => Interlocked.Read(ref totalCount);

        /// <summary>The most tensors that were ever alive together.</summary>
        public static long PeakCount => Interlocked.Read(ref peakCount);

        /// <summary>The native tensor, an <c>at::Tensor*</c>.</summary>
        /// <exception cref="ObjectDisposedException">The tensor was disposed.</exception>
        public nint Handle
        {
            get
            {
                ObjectDisposedException.ThrowIf(handle == 0, this);
                return handle;
            }
        }

        /// <summary>Whether the tensor was disposed.</summary>
        public bool IsInvalid => handle == 0;

        /// <summary>Size of each dimension.</summary>
        public unsafe long[] shape
        {
            get
            {
                var info = Info();
                long[] sizes = new ReadOnlySpan<long>(info.Sizes, info.Dimensions).ToArray();
                GC.KeepAlive(this);
                return sizes;
            }
        }

        /// <summary>Number of dimensions.</summary>
        public long ndim => Info().Dimensions;

        /// <summary>Number of bytes of an element.</summary>
        public long ElementSize => Info().ElementSize;

        /// <summary>Type of the elements.</summary>
        public ScalarType dtype => (ScalarType)Info().Type;

        /// <summary>Where the tensor lives.</summary>
        public Device device
        {
            get
            {
                var info = Info();
                return new Device((DeviceType)info.DeviceType, info.DeviceIndex);
            }
        }

        /// <summary>What kind of device the tensor lives on.</summary>
        public DeviceType device_type => (DeviceType)Info().DeviceType;

        /// <summary>Whether the tensor was made by the user, not by an operator.</summary>
        public bool is_leaf => Info().Leaf != 0;

        /// <summary>Whether gradients are recorded for the tensor.</summary>
        public bool requires_grad
        {
            get => Info().RequiresGrad != 0;
            set => Native.Check(Native.tclr_tensor_set_requires_grad(Handle, value ? 1 : 0));
        }

        /// <summary>The gradient, a new tensor object at each call, or null.</summary>
        public Tensor? grad
        {
            get
            {
                Native.Check(Native.tclr_tensor_grad(Handle, out nint found));
                GC.KeepAlive(this);
                return found == 0 ? null : new Tensor(found);
            }

            set
            {
                Native.Check(Native.tclr_tensor_set_grad(Handle, value?.Handle ?? 0));
                GC.KeepAlive(this);
                GC.KeepAlive(value);
            }
        }

        internal DisposeScope? Scope { get; set; }

        /// <summary>Number of elements.</summary>
        /// <returns>The product of the shape.</returns>
        public long numel() => Info().Elements;

        /// <summary>Number of dimensions.</summary>
        /// <returns>The length of the shape.</returns>
        public long dim() => Info().Dimensions;

        /// <summary>Size of one dimension.</summary>
        /// <param name="dim">The dimension; negative ones count from the end.</param>
        /// <returns>Its size.</returns>
        public long size(int dim) => shape[dim < 0 ? dim + (int)ndim : dim];

        /// <summary>Whether the elements lie in memory in the order of their indices.</summary>
        /// <returns>True for a new tensor, often not for a view.</returns>
        public bool is_contiguous() => Info().Contiguous != 0;

        /// <summary>Sets whether gradients are recorded.</summary>
        /// <param name="requires_grad">True to record.</param>
        /// <returns>This tensor.</returns>
        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        /// <summary>Computes the gradients of a scalar.</summary>
        public void backward() => backward(null);

        /// <summary>Computes gradients.</summary>
        /// <param name="grad_tensors">Gradients of this tensor, or null for a scalar.</param>
        /// <param name="retain_graph">Whether to keep the graph for another backward.</param>
        /// <param name="create_graph">Whether to record the backward itself.</param>
        /// <param name="inputs">Where to accumulate gradients; all leaves if null.</param>
        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null)
            => autograd.Run([this], grad_tensors, retain_graph, create_graph, inputs);

        /// <summary>Moves the tensor out of its scope into the next outer one, or out of all scopes.</summary>
        /// <returns>This tensor.</returns>
        public Tensor MoveToOuterDisposeScope()
        {
            Scope?.MoveToOuter(this);
            return this;
        }

        /// <summary>Takes the tensor out of all scopes; the caller disposes it.</summary>
        /// <returns>This tensor.</returns>
        public Tensor DetachFromDisposeScope()
        {
            Scope?.Detach(this);
            return this;
        }

        /// <inheritdoc/>
        public override string ToString() => IsInvalid ? "disposed" : $"[{string.Join("x", shape)}], type = {dtype}, device = {device}";

        /// <summary>Releases the tensor.</summary>
        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        internal static Tensor FromHandle(nint handle) => new(handle);

        internal static Tensor FromResult(in NativeValue result) => new((nint)result.Bits, result.Length);

        /// <summary>Takes the native tensor out of an object that is not used any more.</summary>
        internal nint Release()
        {
            nint taken = Handle;
            Forget();
            handle = 0;
            return taken;
        }

        internal TensorInfo Info()
        {
            Native.Check(Native.tclr_tensor_info(Handle, out var info));
            return info;
        }

        /// <summary>Releases the native tensor, once.</summary>
        /// <param name="disposing">False on the finaliser's thread.</param>
        protected virtual void Dispose(bool disposing)
        {
            nint taken = Interlocked.Exchange(ref handle, 0);
            if (taken == 0)
            {
                return;
            }

            Native.tclr_tensor_release(taken);
            if (disposing)
            {
                Forget();
            }
            else
            {
                Uncount();
            }
        }

        private void Forget()
        {
            Scope?.Exclude(this);
            Scope = null;
            Uncount();
        }

        private void Uncount()
        {
            Interlocked.Decrement(ref totalCount);
            if (pressureKiB > 0)
            {
                GC.RemoveMemoryPressure((long)pressureKiB << 10);
            }
        }
    }
}
