using TorchSharp.Interop;
using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    using static TorchSharp.torch;

    /// <summary>Batch normalisation.</summary>
    public abstract class BatchNorm : nn.Module<Tensor, Tensor>
    {
        private readonly double eps;
        private readonly double momentum;
        private readonly int[] ranks;

        [Utils.ComponentName(Name = "weight")]
        private Parameter scale;

        [Utils.ComponentName(Name = "bias")]
        private Parameter shift;

        [Utils.ComponentName(Name = "running_mean")]
        private Tensor mean;

        [Utils.ComponentName(Name = "running_var")]
        private Tensor variance;

        [Utils.ComponentName(Name = "num_batches_tracked")]
        private Tensor batches;

        private protected BatchNorm(string name, int[] ranks, long features, double eps, double momentum, Device? device, ScalarType? dtype)
            : base(name)
        {
            (this.eps, this.momentum, this.ranks) = (eps, momentum, ranks);
            scale = new Parameter(ones([features], dtype, device));
            shift = new Parameter(zeros([features], dtype, device));
            mean = zeros([features], dtype, device);
            variance = ones([features], dtype, device);
            batches = zeros([], int64, device);
            foreach (var tensor in (Tensor[])[scale, shift, mean, variance, batches])
            {
                tensor.DetachFromDisposeScope();
            }

            RegisterComponents();
        }

        /// <summary>The factor of each channel.</summary>
        public Parameter weight
        {
            get => scale;
            set => register_parameter(nameof(weight), scale = value);
        }

        /// <summary>The summand of each channel.</summary>
        public Parameter bias
        {
            get => shift;
            set => register_parameter(nameof(bias), shift = value);
        }

        /// <summary>Running mean of each channel.</summary>
        public Tensor running_mean
        {
            get => mean;
            set => register_buffer(nameof(running_mean), mean = value);
        }

        /// <summary>Running variance of each channel.</summary>
        public Tensor running_var
        {
            get => variance;
            set => register_buffer(nameof(running_var), variance = value);
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input)
        {
            if (!ranks.Contains((int)input.ndim))
            {
                throw new ArgumentException($"{GetName()}: expected an input of {string.Join(" or ", ranks)} dimensions, got {input}");
            }

            if (training)
            {
                using (no_grad())
                {
                    batches.add_((Scalar)1);
                }
            }

            return Operators.BatchNorm.Call(input, scale, shift, mean, variance, training, momentum, eps, true);
        }
    }

    /// <summary>Batch normalisation over <c>[N, C]</c> or <c>[N, C, L]</c>.</summary>
    public sealed class BatchNorm1d : BatchNorm
    {
        internal BatchNorm1d(long features, double eps, double momentum, Device? device, ScalarType? dtype)
            : base(nameof(BatchNorm1d), [2, 3], features, eps, momentum, device, dtype)
        {
        }
    }

    /// <summary>Batch normalisation over <c>[N, C, T, H, W]</c>.</summary>
    public sealed class BatchNorm3d : BatchNorm
    {
        internal BatchNorm3d(long features, double eps, double momentum, Device? device, ScalarType? dtype)
            : base(nameof(BatchNorm3d), [5], features, eps, momentum, device, dtype)
        {
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Batch normalisation over <c>[N, C]</c> or <c>[N, C, L]</c>.</summary>
            /// <param name="num_features">Number of channels.</param>
            /// <param name="eps">Added to the variance.</param>
            /// <param name="momentum">Weight of a new batch in the running statistics.</param>
            /// <param name="affine">Must be true here.</param>
            /// <param name="track_running_stats">Must be true here.</param>
            /// <param name="device">Where to put the weights; the processor if null.</param>
            /// <param name="dtype">Type of the weights; single precision if null.</param>
            /// <returns>The module.</returns>
            public static BatchNorm1d BatchNorm1d(long num_features, double eps = 1E-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null)
                => new(num_features, eps, momentum, device, dtype);

            /// <summary>Batch normalisation over <c>[N, C, T, H, W]</c>.</summary>
            /// <param name="num_features">Number of channels.</param>
            /// <param name="eps">Added to the variance.</param>
            /// <param name="momentum">Weight of a new batch in the running statistics.</param>
            /// <param name="affine">Must be true here.</param>
            /// <param name="track_running_stats">Must be true here.</param>
            /// <param name="device">Where to put the weights; the processor if null.</param>
            /// <param name="dtype">Type of the weights; single precision if null.</param>
            /// <returns>The module.</returns>
            public static BatchNorm3d BatchNorm3d(long num_features, double eps = 1E-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null)
                => new(num_features, eps, momentum, device, dtype);
        }
    }
}
