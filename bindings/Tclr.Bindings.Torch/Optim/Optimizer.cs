using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Optimisers.</summary>
    public static partial class optim
    {
        /// <summary>Sets the learning rate of a group of parameters.</summary>
        public interface ILearningRateController
        {
            /// <summary>The learning rate now.</summary>
            double LearningRate { get; set; }

            /// <summary>The learning rate at the start.</summary>
            double InitialLearningRate { get; set; }
        }

        /// <summary>Changes parameters by their gradients.</summary>
        public abstract class Optimizer : IDisposable
        {
            /// <summary>The groups of parameters.</summary>
            public abstract IEnumerable<ILearningRateController> ParamGroups { get; }

            /// <summary>The parameters of all groups.</summary>
            /// <returns>In order.</returns>
            public abstract IEnumerable<Parameter> parameters();

            /// <summary>Makes one step.</summary>
            /// <param name="closure">Computes the loss first, or null.</param>
            /// <returns>The loss of the closure, or null.</returns>
            public abstract Tensor? step(Func<Tensor>? closure = null);

            /// <summary>Adds a group of parameters; what its options leave open comes from the optimiser's.</summary>
            /// <param name="param_group">The group.</param>
            public abstract void add_param_group(ParamGroup param_group);

            /// <summary>Fills all gradients with 0.</summary>
            public virtual void zero_grad()
            {
                foreach (var parameter in parameters())
                {
                    using var gradient = parameter.grad;
                    gradient?.zero_();
                }
            }

            /// <summary>Releases the optimiser's state, not the parameters.</summary>
            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Releases the optimiser's state.</summary>
            /// <param name="disposing">False on the finaliser's thread.</param>
            protected virtual void Dispose(bool disposing)
            {
            }

            /// <summary>What an optimiser knows: the options of its groups and the state of each parameter.</summary>
            public class StateDictionary
            {
                internal StateDictionary(IEnumerable<OptimizerOptions> options, IEnumerable<OptimizerState> state)
                {
                    Options = [.. options];
                    State = [.. state];
                }

                /// <summary>The options of the groups.</summary>
                public List<OptimizerOptions> Options { get; }

                /// <summary>The live states, in order of groups, then of their parameters.</summary>
                public List<OptimizerState> State { get; }
            }
        }
    }
}
