// What examples of the documentation take for granted: namespaces, and variables that are explained in words.
global using System;
global using System.Collections.Generic;
global using System.IO;
global using System.Linq;
global using System.Threading;
global using System.Threading.Tasks;
global using Tclr;
global using Tclr.Core;
global using Tclr.Data;
global using Tclr.Distributed;
global using Tclr.Evaluation;
global using Tclr.Losses;
global using Tclr.Models;
global using Tclr.Reports;
global using Tclr.Weights;
global using TorchSharp;
global using static Context;
global using static TorchSharp.torch;

internal static class Context
{
    public static readonly TclrTrainerBuilder builder = null!;
    public static readonly TclrRecipe recipe = null!;
    public static readonly VideoIndex index = null!, gallery = null!, queries = null!;
    public static readonly IVideoReader reader = null!;
    public static readonly IClipSampler sampler = null!;
    public static readonly IVideoEncoder encoder = null!, r3d50 = null!;
    public static readonly IProjectionHead head = null!, clipHead = null!, seriesHead = null!;
    public static readonly PretrainedEncoder pretrained = null!;
    public static readonly FeatureExtractor extractor = null!;
    public static readonly CancellationToken cancellationToken;
    public static readonly nn.Module<Tensor, Tensor> module = null!;
    public static readonly int[] testLabels = null!, trainLabels = null!, trainingLabels = null!;
    public static readonly double[] losses = null!;
}
