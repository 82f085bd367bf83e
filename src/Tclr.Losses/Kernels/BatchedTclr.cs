using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Losses.Kernels;

/// <summary>The TCLR loss on operators of torch.</summary>
internal static class BatchedTclr
{
    /// <summary>Computes the terms; everything is in the caller's dispose scope.</summary>
    public static (Tensor Total, List<(string Name, Tensor Value)> Terms) Compute(TemporalEmbeddings embeddings, TclrLossOptions options)
    {
        var global = KernelChoice.AtLeastSingle(embeddings.GlobalPooled);
        var locals = KernelChoice.AtLeastSingle(embeddings.LocalPooled!);
        var terms = new List<(string Name, Tensor Value, double Weight)>(4);
        void Add(string name, double weight, Tensor value) => terms.Add((name, value, weight));

        long v = locals.shape[0], b = locals.shape[1], t = locals.shape[2], d = locals.shape[3];
        double instance = options.InstanceTemperature, temporal = options.TemporalTemperature;
        if (options.Convention == TclrLossConvention.Paper)
        {
            if (options.Instance)
            {
                var pairs = options.InstancePairs == TclrInstancePairs.SameFrames ? global.unsqueeze(0) : PairsOfTimesteps(locals);
                Add(LossTerms.PaperInstance, options.InstanceWeight, BatchedContrast.Mean(pairs, instance, 1).mean());
            }

            if (options.LocalLocal)
            {
                Add(LossTerms.LocalLocal, options.LocalLocalWeight, BatchedContrast.Mean(locals.transpose(0, 1), temporal, 1).mean() * (double)t);
            }

            if (options.GlobalLocal)
            {
                var slices = KernelChoice.AtLeastSingle(embeddings.GlobalSlices!).narrow(0, 0, 1);
                Add(LossTerms.GlobalLocal, options.GlobalLocalWeight, BatchedContrast.Matching(slices, locals.narrow(0, 0, 1), temporal).mean());
            }
        }
        else
        {
            if (options.Instance)
            {
                var views = locals.transpose(1, 2).reshape(1, v * t, b, d);         // [V, B, T, D] -> [1, V*T, B, D]
                Add(LossTerms.GlobalInstance, options.InstanceWeight, BatchedContrast.Mean(global.unsqueeze(0), instance, v).sum());
                Add(LossTerms.LocalInstance, options.InstanceWeight, BatchedContrast.Mean(views, instance, v * t).sum() * (double)(v * ((v * t) - 1)));
            }

            if (options.LocalLocal)
            {
                Add(LossTerms.LocalLocal, options.LocalLocalWeight, BatchedContrast.Mean(locals.transpose(0, 1), temporal, v).sum());
            }

            if (options.GlobalLocal)
            {
                var slices = KernelChoice.AtLeastSingle(embeddings.GlobalSlices!);
                Add(LossTerms.GlobalLocal, options.GlobalLocalWeight, BatchedContrast.Matching(slices, locals, temporal).mean() / 2.0);
            }
        }

        var total = terms.Select(term => term.Value * term.Weight).Aggregate((sum, term) => sum + term);
        return (total, terms.ConvertAll(term => (term.Name, term.Value)));
    }

    // Each timestep of view 0 with each of view 1: [2, B, T, D] -> [T * T, 2, B, D].
    private static Tensor PairsOfTimesteps(Tensor locals)
    {
        long b = locals.shape[1], t = locals.shape[2], d = locals.shape[3];
        var steps = locals.transpose(1, 2);                                         // [2, T, B, D]
        var first = steps.select(0, 0).unsqueeze(1).expand(t, t, b, d);
        var second = steps.select(0, 1).unsqueeze(0).expand(t, t, b, d);
        return stack([first, second], 2).reshape(t * t, 2, b, d);
    }
}
