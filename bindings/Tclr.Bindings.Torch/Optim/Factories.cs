using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>The Adam optimiser (Kingma and Ba, 2015); weight decay is added to the gradient.</summary>
        /// <param name="parameters">What to train.</param>
        /// <param name="lr">Learning rate.</param>
        /// <param name="beta1">Decay of the mean gradient.</param>
        /// <param name="beta2">Decay of the mean squared gradient.</param>
        /// <param name="eps">Added to the divisor.</param>
        /// <param name="weight_decay">Factor of the parameter that is added to its gradient.</param>
        /// <param name="amsgrad">Must be false here.</param>
        /// <param name="maximize">Must be false here.</param>
        /// <returns>The optimiser.</returns>
        public static Adam Adam(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            => new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

        /// <summary>The Adam optimiser (Kingma and Ba, 2015); weight decay is added to the gradient.</summary>
        /// <param name="parameters">What to train, in groups.</param>
        /// <param name="lr">Learning rate.</param>
        /// <param name="beta1">Decay of the mean gradient.</param>
        /// <param name="beta2">Decay of the mean squared gradient.</param>
        /// <param name="eps">Added to the divisor.</param>
        /// <param name="weight_decay">Factor of the parameter that is added to its gradient.</param>
        /// <param name="amsgrad">Must be false here.</param>
        /// <param name="maximize">Must be false here.</param>
        /// <returns>The optimiser.</returns>
        public static Adam Adam(IEnumerable<Adam.ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            => new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

        /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, 2019).</summary>
        /// <param name="parameters">What to train.</param>
        /// <param name="lr">Learning rate.</param>
        /// <param name="beta1">Decay of the mean gradient.</param>
        /// <param name="beta2">Decay of the mean squared gradient.</param>
        /// <param name="eps">Added to the divisor.</param>
        /// <param name="weight_decay">Factor of the parameter that, times the learning rate, is taken off it.</param>
        /// <param name="amsgrad">Must be false here.</param>
        /// <param name="maximize">Must be false here.</param>
        /// <returns>The optimiser.</returns>
        public static AdamW AdamW(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            => new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

        /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, 2019).</summary>
        /// <param name="parameters">What to train, in groups.</param>
        /// <param name="lr">Learning rate.</param>
        /// <param name="beta1">Decay of the mean gradient.</param>
        /// <param name="beta2">Decay of the mean squared gradient.</param>
        /// <param name="eps">Added to the divisor.</param>
        /// <param name="weight_decay">Factor of the parameter that, times the learning rate, is taken off it.</param>
        /// <param name="amsgrad">Must be false here.</param>
        /// <param name="maximize">Must be false here.</param>
        /// <returns>The optimiser.</returns>
        public static AdamW AdamW(IEnumerable<AdamW.ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            => new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

        /// <summary>Stochastic gradient descent, with momentum if wanted (Sutskever et al., 2013).</summary>
        /// <param name="parameters">What to train.</param>
        /// <param name="learningRate">Learning rate.</param>
        /// <param name="momentum">How much of the last step stays.</param>
        /// <param name="dampening">Share of the gradient that does not enter the momentum.</param>
        /// <param name="weight_decay">Factor of the parameter that is added to its gradient.</param>
        /// <param name="nesterov">Whether to look ahead; wants momentum without dampening.</param>
        /// <param name="maximize">Must be false here.</param>
        /// <returns>The optimiser.</returns>
        public static SGD SGD(IEnumerable<Parameter> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
            => new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);

        /// <summary>Stochastic gradient descent, with momentum if wanted (Sutskever et al., 2013).</summary>
        /// <param name="parameters">What to train, in groups.</param>
        /// <param name="learningRate">Learning rate.</param>
        /// <param name="momentum">How much of the last step stays.</param>
        /// <param name="dampening">Share of the gradient that does not enter the momentum.</param>
        /// <param name="weight_decay">Factor of the parameter that is added to its gradient.</param>
        /// <param name="nesterov">Whether to look ahead; wants momentum without dampening.</param>
        /// <param name="maximize">Must be false here.</param>
        /// <returns>The optimiser.</returns>
        public static SGD SGD(IEnumerable<SGD.ParamGroup> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
            => new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);
    }
}
