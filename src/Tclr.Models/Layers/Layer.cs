// A layer and the prefix of its weights; null where it has none.
global using Layer = (string? Key, TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor> Module);
