namespace Tclr.Core;

/// <summary>Formats of weight files.</summary>
public enum WeightFormat
{
    /// <summary>safetensors: a JSON header and raw data. The format to choose.</summary>
    SafeTensors,

    /// <summary>What <c>torch.save</c> of PyTorch 1.6 and later writes: a zip archive with a pickle and raw data.</summary>
    PyTorch,

    /// <summary>What <c>Module.save</c> of TorchSharp writes.</summary>
    TorchSharp,
}
