namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A module with one input.</summary>
        /// <typeparam name="T">Type of the input.</typeparam>
        /// <typeparam name="TResult">Type of the output.</typeparam>
        public abstract class Module<T, TResult> : HookableModule<Func<Module<T, TResult>, T, T>, Func<Module<T, TResult>, T, TResult, TResult>>
        {
            /// <summary>Creates an empty module.</summary>
            /// <param name="name">Its name, for messages.</param>
            protected Module(string name)
                : base(name)
            {
            }

            /// <summary>What the module computes.</summary>
            /// <param name="input">The input; the caller keeps owning it.</param>
            /// <returns>The output; the caller owns it.</returns>
            public abstract TResult forward(T input);

            /// <summary>Runs the module and its hooks.</summary>
            /// <param name="input">The input; the caller keeps owning it.</param>
            /// <returns>The output; the caller owns it.</returns>
            public TResult call(T input)
            {
                var output = forward(input);
                foreach (var hook in PostHooks)
                {
                    // As in PyTorch, a hook that returns nothing leaves the output as it is.
                    output = hook(this, input, output) ?? output;
                }

                return output;
            }
        }
    }
}
