// A layer and its name, the prefix of its weights; null without weights.
global using Layer = (string? Key, TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor> Module);
