namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A module whose <c>call</c> runs hooks.</summary>
        /// <typeparam name="TPreHook">Type of a hook on the input.</typeparam>
        /// <typeparam name="TPostHook">Type of a hook on the output.</typeparam>
        public class HookableModule<TPreHook, TPostHook> : Module
        {
            private readonly OrderedDictionary<string, TPostHook> postHooks = new(StringComparer.Ordinal);

            /// <summary>Creates an empty module.</summary>
            /// <param name="name">Its name, for messages.</param>
            protected HookableModule(string name)
                : base(name)
            {
            }

            internal IEnumerable<TPostHook> PostHooks => postHooks.Values;

            /// <summary>Adds a hook that sees the output of <c>call</c>, not of <c>forward</c>, and may replace it.</summary>
            /// <param name="hook">Gets module, input and output; returns the output to hand on.</param>
            /// <returns>Removes the hook again.</returns>
            public HookRemover register_forward_hook(TPostHook hook)
            {
                string key = Guid.NewGuid().ToString("N");
                postHooks.Add(key, hook);
                return new HookRemover(this, key);
            }

            /// <summary>Removes a hook.</summary>
            public class HookRemover
            {
                private readonly HookableModule<TPreHook, TPostHook> module;
                private readonly string key;

                /// <summary>Knows a hook.</summary>
                /// <param name="module">Where it is.</param>
                /// <param name="key">Its key.</param>
                public HookRemover(HookableModule<TPreHook, TPostHook> module, string key) => (this.module, this.key) = (module, key);

                /// <summary>Removes the hook; a second time does nothing.</summary>
                public void remove() => module.postHooks.Remove(key);
            }
        }
    }
}
