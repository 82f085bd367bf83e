using static TorchSharp.torch;

namespace TorchSharp.Modules;

public partial class Adam
{
    /// <summary>Settings of a group. What is null comes from the optimiser.</summary>
    public class Options : OptimizerOptions
    {
        /// <summary>Must not be true here.</summary>
        public bool? amsgrad;

        /// <summary>Must not be true here.</summary>
        public bool? maximize;

        /// <summary>Decay of the mean gradient.</summary>
        public double? beta1 { get; set; }

        /// <summary>Decay of the mean squared gradient.</summary>
        public double? beta2 { get; set; }

        /// <summary>Added to the divisor.</summary>
        public double? eps { get; set; }

        /// <summary>Factor of the parameter that is added to its gradient.</summary>
        public double? weight_decay { get; set; }

        /// <inheritdoc/>
        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            var other = (Options)source;
            (beta1, beta2, eps, weight_decay) = (other.beta1, other.beta2, other.eps, other.weight_decay);
            (amsgrad, maximize) = (other.amsgrad, other.maximize);
        }

        /// <inheritdoc/>
        public override void LoadStateDict(BinaryReader reader)
        {
            base.LoadStateDict(reader);
            (beta1, beta2, eps, weight_decay) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
            (amsgrad, maximize) = (reader.ReadBoolean(), reader.ReadBoolean());
            Check();
        }

        /// <inheritdoc/>
        public override void SaveStateDict(BinaryWriter writer)
        {
            base.SaveStateDict(writer);
            Write(writer, beta1, beta2, eps, weight_decay);
            writer.Write(amsgrad!.Value);
            writer.Write(maximize!.Value);
        }

        internal override void Complete(OptimizerOptions defaults)
        {
            base.Complete(defaults);
            var other = (Options)defaults;
            beta1 ??= other.beta1;
            beta2 ??= other.beta2;
            eps ??= other.eps;
            weight_decay ??= other.weight_decay;
            amsgrad ??= other.amsgrad;
            maximize ??= other.maximize;
            Check();
        }

        private void Check()
        {
            if (amsgrad == true || maximize == true)
            {
                throw new ArgumentException("Adam: amsgrad and maximize are not in the system backend");
            }
        }
    }

    /// <summary>What is remembered of one parameter.</summary>
    public sealed class State : OptimizerState, IDisposable
    {
        /// <summary>Number of steps done.</summary>
        public long step;

        /// <summary>Running mean of the gradient.</summary>
        public Tensor exp_avg;

        /// <summary>Running mean of the squared gradient.</summary>
        public Tensor exp_avg_sq;

        /// <summary>Creates the state before the first step.</summary>
        /// <param name="parameter">The parameter.</param>
        public State(Parameter parameter)
            : base(parameter) => (exp_avg, exp_avg_sq) = (Zeros(), Zeros());

        /// <inheritdoc/>
        public override void LoadStateDict(OptimizerState source)
        {
            var other = (State)source;
            step = other.step;
            Copy(exp_avg, other.exp_avg);
            Copy(exp_avg_sq, other.exp_avg_sq);
        }

        /// <inheritdoc/>
        public override void LoadStateDict(BinaryReader reader)
        {
            ArgumentNullException.ThrowIfNull(reader);
            step = reader.ReadInt64();
            nn.StateFile.ReadInto(reader, exp_avg, nameof(exp_avg));
            nn.StateFile.ReadInto(reader, exp_avg_sq, nameof(exp_avg_sq));
            if (reader.ReadBoolean())
            {
                throw new InvalidDataException("Adam: the file has the maxima of amsgrad, which is not in the system backend");
            }
        }

        /// <inheritdoc/>
        public override void SaveStateDict(BinaryWriter writer)
        {
            ArgumentNullException.ThrowIfNull(writer);
            writer.Write(step);
            nn.StateFile.WriteTensor(writer, exp_avg);
            nn.StateFile.WriteTensor(writer, exp_avg_sq);
            WriteOptional(writer, null);
        }

        /// <summary>Releases the means.</summary>
        public void Dispose()
        {
            exp_avg.Dispose();
            exp_avg_sq.Dispose();
        }
    }
}
