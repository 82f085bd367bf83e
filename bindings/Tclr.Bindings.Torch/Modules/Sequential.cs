using System.Globalization;
using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    using static TorchSharp.torch;

    /// <summary>Modules one after the other. A module that returns its own input must return <c>x.alias()</c>.</summary>
    public class Sequential : nn.Module<Tensor, Tensor>
    {
        private readonly List<nn.Module<Tensor, Tensor>> steps = [];

        internal Sequential(IEnumerable<(string Name, nn.Module<Tensor, Tensor> Module)> modules)
            : base(nameof(Sequential))
        {
            foreach (var (key, module) in modules)
            {
                steps.Add(module);
                register_module(key, module);
            }
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor tensor)
        {
            var current = tensor.alias();
            foreach (var step in steps)
            {
                var next = step.call(current);
                current.Dispose();
                current = next;
            }

            return current;
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Modules one after the other, with the keys 0, 1, ...</summary>
            /// <param name="modules">The modules; owned by the result.</param>
            /// <returns>The module.</returns>
            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules)
                => new(modules.Select((module, i) => (i.ToString(CultureInfo.InvariantCulture), module)));

            /// <summary>Modules one after the other.</summary>
            /// <param name="modules">Keys and modules; owned by the result.</param>
            /// <returns>The module.</returns>
            public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) => new(modules);
        }
    }
}
