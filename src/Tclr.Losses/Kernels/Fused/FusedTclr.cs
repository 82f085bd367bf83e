using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Losses.Kernels.Fused;

/// <summary>The TCLR loss on the fused kernels.</summary>
internal static class FusedTclr
{
    /// <summary>Computes the terms; everything is in the caller's dispose scope.</summary>
    public static (Tensor Total, List<(string Name, Tensor Value)> Terms) Compute(TemporalEmbeddings embeddings, TclrLossOptions options)
    {
        var global = FusedInput.Of(embeddings.GlobalPooled);
        var views = FusedInput.Of(embeddings.LocalPooled!.transpose(1, 2).flatten(0, 1));   // [V, B, T, D] -> [V*T, B, D]
        var inputs = options.GlobalLocal ? [global, views, FusedInput.Of(embeddings.GlobalSlices!)] : new[] { global, views };
        var terms = options.Convention == TclrLossConvention.Paper ? Paper(inputs, options) : Reference(inputs, options);

        double total = terms.Sum(term => term.Value * term.Weight);
        var type = views.Values.dtype;
        return (FusedInput.Scalar(total, inputs), terms.ConvertAll(term => (term.Name, tensor(term.Value, type))));
    }

    private static List<(string Name, double Value, double Weight)> Reference(FusedInput[] inputs, TclrLossOptions options)
    {
        var (v, b, t, d) = Shape(inputs);
        var terms = new List<(string Name, double Value, double Weight)>(4);
        double perTimestep = 1.0 / (v * (v - 1) * t);
        var timesteps = new Contrast(v, t, v, options.TemporalTemperature, perTimestep * options.LocalLocalWeight);
        double? localLocal = null;
        if (options.Instance)
        {
            double weight = options.InstanceWeight;
            double perGlobal = 1.0 / ((double)v * (v - 1) * b), perLocal = 1.0 / ((double)t * b);
            double ic2 = ViewContrast.Sum(inputs[0], new Contrast(v, b, v, options.InstanceTemperature, perGlobal * weight)).Views;
            var local = ViewContrast.Sum(
                inputs[1], new Contrast(v * t, b, v * t, options.InstanceTemperature, perLocal * weight), options.LocalLocal ? timesteps : null);
            terms.Add((LossTerms.GlobalInstance, ic2 * perGlobal, weight));
            terms.Add((LossTerms.LocalInstance, local.Views * perLocal, weight));
            localLocal = local.Timesteps;
        }

        if (options.LocalLocal)
        {
            localLocal ??= VideoLocals.Sum(inputs[1], ClipRows.ByView(v, b, t, d), b, timesteps);
            terms.Add((LossTerms.LocalLocal, localLocal.Value * perTimestep, options.LocalLocalWeight));
        }

        if (options.GlobalLocal)
        {
            double each = 1.0 / (2.0 * b);
            double sum = VideoTimesteps.Sum(
                inputs[2], ClipRows.ByVideo(v, b, t, d), inputs[1], ClipRows.ByView(v, b, t, d), b, options.TemporalTemperature, each * options.GlobalLocalWeight);
            terms.Add((LossTerms.GlobalLocal, sum * each, options.GlobalLocalWeight));
        }

        return terms;
    }

    private static List<(string Name, double Value, double Weight)> Paper(FusedInput[] inputs, TclrLossOptions options)
    {
        var (v, b, t, d) = Shape(inputs);
        var terms = new List<(string Name, double Value, double Weight)>(3);
        double each = 1.0 / b;
        if (options.Instance)
        {
            double sum = ViewContrast.Sum(inputs[0], new Contrast(v, b, 1, options.InstanceTemperature, each * options.InstanceWeight)).Views;
            terms.Add((LossTerms.PaperInstance, sum * each, options.InstanceWeight));
        }

        if (options.LocalLocal)
        {
            double sum = VideoLocals.Sum(
                inputs[1], ClipRows.ByView(v, b, t, d), b, new Contrast(v, t, 1, options.TemporalTemperature, each * options.LocalLocalWeight));
            terms.Add((LossTerms.LocalLocal, sum * each, options.LocalLocalWeight));
        }

        if (options.GlobalLocal)
        {
            // The first version of each is where the tensor begins.
            var slices = ClipRows.ByVideo(v, b, t, d) with { GlobalViews = 1 };
            var locals = ClipRows.ByView(v, b, t, d) with { GlobalViews = 1 };
            double sum = VideoTimesteps.Sum(inputs[2], slices, inputs[1], locals, b, options.TemporalTemperature, each * options.GlobalLocalWeight);
            terms.Add((LossTerms.GlobalLocal, sum * each, options.GlobalLocalWeight));
        }

        return terms;
    }

    private static (int GlobalViews, int Videos, int Timesteps, int Length) Shape(FusedInput[] inputs)
    {
        long globalViews = inputs[0].Values.shape[0];
        long[] views = inputs[1].Values.shape;
        return ((int)globalViews, (int)views[1], (int)(views[0] / globalViews), (int)views[2]);
    }
}
