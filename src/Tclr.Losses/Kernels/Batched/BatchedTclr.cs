using Tclr.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Losses.Kernels.Batched;

/// <summary>The TCLR loss on operators of torch, whose number does not depend on the batch until the similarities are computed in parts.</summary>
/// <remarks>
/// Value and gradient are computed together, so backward only scales. The index tables and weights of the latest shape are
/// kept, so that a step copies nothing to the device and waits for nothing.
/// </remarks>
/// <param name="options">The options of the loss.</param>
internal sealed class BatchedTclr(TclrLossOptions options) : IDisposable
{
    private readonly Lock gate = new();
    private Plan? plan;

    /// <summary>Computes the terms; everything is in the caller's dispose scope.</summary>
    public (Tensor Total, List<(string Name, Tensor Value)> Terms) Compute(TemporalEmbeddings embeddings)
    {
        var stacked = Stack(embeddings);                                            // [K, B, D]
        var shape = embeddings.LocalPooled!.shape;
        lock (gate)
        {
            var key = new Key(new ViewOrder(shape[0], shape[2]), shape[1], stacked.shape[0], stacked.dtype, stacked.device_type, stacked.device_index);
            if (plan?.Key != key)
            {
                plan?.Dispose();
                plan = null;
                plan = new Plan(key, options, stacked.device);
            }

            return plan.Compute(stacked);
        }
    }

    /// <summary>Releases what is kept; a later computation makes it again.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            plan?.Dispose();
            plan = null;
        }
    }

    // One operator, whose backward is views: the timesteps of all clips as [K, V, B, D].
    private Tensor Stack(TemporalEmbeddings embeddings)
    {
        Tensor[] parts =
        [
            embeddings.GlobalPooled.unsqueeze(0),
            embeddings.LocalPooled!.permute(2, 0, 1, 3),
            .. options.GlobalLocal ? [embeddings.GlobalSlices!.permute(2, 0, 1, 3)] : Array.Empty<Tensor>(),
        ];
        return KernelChoice.AtLeastSingle(cat(parts, 0)).flatten(0, 1);
    }

    private sealed record Key(ViewOrder Order, long Videos, long Views, ScalarType Type, DeviceType Device, int DeviceIndex);

    private sealed class Plan : IDisposable
    {
        private readonly TclrLossOptions options;
        private readonly string[] names;
        private readonly PairContrasts? pairs;
        private readonly VideoContrasts? videos;
        private readonly Tensor factors;
        private readonly Tensor weights;

        public Plan(Key key, TclrLossOptions options, Device device)
        {
            using var scope = NewDisposeScope();
            Key = key;
            this.options = options;
            var (order, b, views, type, _, _) = key;
            var pairTerms = TclrTerms.Pairs(options, order, b);
            var videoTerms = TclrTerms.Videos(options, order, b);
            if (pairTerms.Count > 0)
            {
                pairs = new PairContrasts(pairTerms, options.Convention == TclrLossConvention.Paper ? 1 : 2, views, Scale(options.InstanceTemperature), type, device);
            }

            if (videoTerms.Count > 0)
            {
                videos = new VideoContrasts(videoTerms, order.Views, views - order.Views, Scale(options.TemporalTemperature), type, device);
            }

            names = [.. pairTerms.Select(term => term.Name), .. videoTerms.Select(term => term.Name)];
            factors = tensor([.. pairTerms.Select(term => -term.PerAnchor), .. videoTerms.Select(term => -term.PerAnchor)], type, device).DetachFromDisposeScope();
            weights = tensor([.. pairTerms.Select(term => term.Weight), .. videoTerms.Select(term => term.Weight)], type, device).DetachFromDisposeScope();
        }

        public Key Key { get; }

        public (Tensor Total, List<(string Name, Tensor Value)> Terms) Compute(Tensor stacked)
        {
            bool wantsGradient = stacked.requires_grad && is_grad_enabled();
            Tensor total, terms;
            Tensor? gradient = null;
            using (no_grad())
            {
                var values = stacked.detach();
                var sums = names.Select(_ => new List<Tensor>()).ToArray();
                int videoTerms = videos is null ? 0 : (options.LocalLocal ? 1 : 0) + (options.GlobalLocal ? 1 : 0);
                var scaled = values * Scale(pairs is null ? options.TemporalTemperature : options.InstanceTemperature);
                if (pairs is not null)
                {
                    gradient = pairs.Compute(scaled, sums, wantsGradient);
                }

                if (videos is not null)
                {
                    var rows = pairs is null || options.TemporalTemperature == options.InstanceTemperature ? scaled : values * Scale(options.TemporalTemperature);
                    gradient ??= wantsGradient ? zeros_like(values) : null;
                    videos.Compute(rows, sums.AsSpan(names.Length - videoTerms), gradient?.view(values.shape));
                }

                terms = stack(sums.Select(parts => parts is [var only] ? only : stack(parts).sum())) * factors;
                total = terms.dot(weights);
            }

            if (gradient is not null)
            {
                total = GradientCarrier.Attach(total, stacked, gradient);
            }

            return (total, [.. names.Select((name, i) => (name, terms.select(0, i)))]);
        }

        public void Dispose()
        {
            pairs?.Dispose();
            videos?.Dispose();
            factors.Dispose();
            weights.Dispose();
        }

        private static double Scale(double temperature) => Math.Sqrt(1 / temperature);
    }
}
