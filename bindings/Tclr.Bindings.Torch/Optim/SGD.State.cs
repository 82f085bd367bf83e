using static TorchSharp.torch;

namespace TorchSharp.Modules;

public partial class SGD
{
    /// <summary>Settings of a group. What is null comes from the optimiser.</summary>
    public class Options : OptimizerOptions
    {
        /// <summary>Must not be true here.</summary>
        public bool? maximize;

        /// <summary>Whether to look ahead; wants momentum without dampening.</summary>
        public bool? nesterov;

        /// <summary>Share of the gradient that does not enter the momentum.</summary>
        public double? dampening { get; set; }

        /// <summary>How much of the last step stays.</summary>
        public double? momentum { get; set; }

        /// <summary>Factor of the parameter that is added to its gradient.</summary>
        public double? weight_decay { get; set; }

        /// <inheritdoc/>
        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            var other = (Options)source;
            (momentum, dampening, weight_decay) = (other.momentum, other.dampening, other.weight_decay);
            (nesterov, maximize) = (other.nesterov, other.maximize);
        }

        /// <inheritdoc/>
        public override void LoadStateDict(BinaryReader reader)
        {
            base.LoadStateDict(reader);
            (momentum, dampening, weight_decay) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
            (nesterov, maximize) = (reader.ReadBoolean(), reader.ReadBoolean());
            Check();
        }

        /// <inheritdoc/>
        public override void SaveStateDict(BinaryWriter writer)
        {
            base.SaveStateDict(writer);
            Write(writer, momentum, dampening, weight_decay);
            writer.Write(nesterov!.Value);
            writer.Write(maximize!.Value);
        }

        internal override void Complete(OptimizerOptions defaults)
        {
            base.Complete(defaults);
            var other = (Options)defaults;
            momentum ??= other.momentum;
            dampening ??= other.dampening;
            weight_decay ??= other.weight_decay;
            nesterov ??= other.nesterov;
            maximize ??= other.maximize;
            Check();
        }

        private void Check()
        {
            if (maximize == true)
            {
                throw new ArgumentException("SGD: maximize is not in the system backend");
            }

            if (nesterov == true && (momentum <= 0 || dampening != 0))
            {
                throw new ArgumentException($"SGD: nesterov wants momentum > 0 and dampening 0, got {momentum} and {dampening}");
            }
        }
    }

    /// <summary>What is remembered of one parameter.</summary>
    public sealed class State : OptimizerState, IDisposable
    {
        /// <summary>The last step; null before the first and without momentum.</summary>
        public Tensor? momentum_buffer;

        /// <summary>Creates the state before the first step.</summary>
        /// <param name="parameter">The parameter.</param>
        public State(Parameter parameter)
            : base(parameter)
        {
        }

        /// <inheritdoc/>
        public override void LoadStateDict(OptimizerState source)
        {
            var other = ((State)source).momentum_buffer;
            if (Prepare(other is not null))
            {
                Copy(momentum_buffer!, other!);
            }
        }

        /// <inheritdoc/>
        public override void LoadStateDict(BinaryReader reader)
        {
            ArgumentNullException.ThrowIfNull(reader);
            if (Prepare(reader.ReadBoolean()))
            {
                nn.StateFile.ReadInto(reader, momentum_buffer!, nameof(momentum_buffer));
            }
        }

        /// <inheritdoc/>
        public override void SaveStateDict(BinaryWriter writer)
        {
            ArgumentNullException.ThrowIfNull(writer);
            WriteOptional(writer, momentum_buffer);
        }

        /// <summary>Releases the last step.</summary>
        public void Dispose() => momentum_buffer?.Dispose();

        private bool Prepare(bool needed)
        {
            if (needed)
            {
                momentum_buffer ??= Zeros();
            }
            else
            {
                momentum_buffer?.Dispose();
                momentum_buffer = null;
            }

            return needed;
        }
    }
}
