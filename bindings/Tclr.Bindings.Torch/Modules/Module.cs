using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Parts of networks.</summary>
    public static partial class nn
    {
        /// <summary>A part of a network: parameters, buffers and other modules.</summary>
        public class Module : IDisposable
        {
            private readonly OrderedDictionary<string, Parameter> ownParameters = new(StringComparer.Ordinal);
            private readonly OrderedDictionary<string, Tensor> ownBuffers = new(StringComparer.Ordinal);
            private readonly OrderedDictionary<string, Module> ownModules = new(StringComparer.Ordinal);
            private readonly string name;

            /// <summary>Creates an empty module.</summary>
            /// <param name="name">Its name, for messages.</param>
            protected Module(string name) => this.name = name;

            /// <summary>Whether the module is in training mode.</summary>
            public virtual bool training { get; private set; } = true;

            /// <summary>The module's name.</summary>
            /// <returns>The name given at construction.</returns>
            public virtual string GetName() => name;

            /// <summary>Puts the module and all below it into training mode.</summary>
            /// <param name="train">False for evaluation mode.</param>
            public virtual void train(bool train = true)
            {
                training = train;
                foreach (var (_, module) in ownModules)
                {
                    module.train(train);
                }
            }

            /// <summary>Puts the module and all below it into evaluation mode.</summary>
            public virtual void eval() => train(false);

            /// <summary>Adds a module below this one.</summary>
            /// <param name="name">Its key.</param>
            /// <param name="submodule">The module; disposed with this one.</param>
            public virtual void register_module(string name, Module submodule)
            {
                ArgumentNullException.ThrowIfNull(submodule);
                submodule.RegisterComponents();
                ownModules[name] = submodule;
            }

            /// <summary>Adds a parameter.</summary>
            /// <param name="name">Its key.</param>
            /// <param name="param">The parameter; disposed with this module.</param>
            public virtual void register_parameter(string name, Parameter param) => ownParameters[name] = param;

            /// <summary>Adds a buffer, which is saved but not trained.</summary>
            /// <param name="name">Its key.</param>
            /// <param name="tensor">The buffer; disposed with this module.</param>
            /// <param name="persistent">Must be true here.</param>
            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true) => ownBuffers[name] = tensor;

            /// <summary>The modules directly below, with their keys.</summary>
            /// <returns>In order of registration.</returns>
            public virtual IEnumerable<(string name, Module module)> named_children() => ownModules.Select(m => (m.Key, m.Value));

            /// <summary>All modules below this one, with their keys.</summary>
            /// <returns>Depth first.</returns>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var (key, module) in ownModules)
                {
                    yield return (key, module);
                    foreach (var (inner, below) in module.named_modules())
                    {
                        yield return ($"{key}.{inner}", below);
                    }
                }
            }

            /// <summary>All modules below this one.</summary>
            /// <returns>Depth first.</returns>
            public virtual IEnumerable<Module> modules() => named_modules().Select(m => m.module);

            /// <summary>The parameters with their keys.</summary>
            /// <param name="recurse">Whether to include those of modules below.</param>
            /// <returns>Own ones first.</returns>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
                => Named(recurse, module => module.ownParameters);

            /// <summary>The parameters.</summary>
            /// <param name="recurse">Whether to include those of modules below.</param>
            /// <returns>Own ones first.</returns>
            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(p => p.parameter);

            /// <summary>The buffers with their keys.</summary>
            /// <param name="recurse">Whether to include those of modules below.</param>
            /// <param name="include_nonpersistent">All buffers are persistent here.</param>
            /// <returns>Own ones first.</returns>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
                => Named(recurse, module => module.ownBuffers);

            /// <summary>All parameters, then all buffers, by key.</summary>
            /// <param name="destination">Where to add them; a new dictionary if null.</param>
            /// <param name="prefix">Put before each key with a dot.</param>
            /// <returns>The live tensors, owned by the module.</returns>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= new Dictionary<string, Tensor>(StringComparer.Ordinal);
                string before = string.IsNullOrEmpty(prefix) ? string.Empty : prefix + ".";
                foreach (var (key, parameter) in named_parameters())
                {
                    destination.TryAdd(before + key, parameter);
                }

                foreach (var (key, buffer) in named_buffers())
                {
                    destination.TryAdd(before + key, buffer);
                }

                return destination;
            }

            /// <summary>Writes all parameters and buffers; the stream stays open.</summary>
            /// <param name="writer">Where to.</param>
            /// <param name="skip">Keys to leave out.</param>
            /// <returns>This module.</returns>
            public Module save(BinaryWriter writer, IList<string>? skip = null)
            {
                var state = state_dict();
                foreach (string key in skip ?? [])
                {
                    state.Remove(key);
                }

                StateFile.Write(writer, state);
                return this;
            }

            /// <summary>Reads parameters and buffers.</summary>
            /// <param name="reader">Where from.</param>
            /// <param name="strict">Whether the keys must be just those of the module.</param>
            /// <param name="skip">Keys that may be missing.</param>
            /// <param name="loadedParameters">Receives which keys were read.</param>
            /// <returns>This module.</returns>
            /// <exception cref="InvalidOperationException">Keys are missing or unknown.</exception>
            /// <exception cref="ArgumentException">A shape or type differs.</exception>
            public virtual Module load(BinaryReader reader, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                var state = state_dict();
                var missing = new HashSet<string>(state.Keys.Except(skip ?? [], StringComparer.Ordinal), StringComparer.Ordinal);
                long count = reader.Read7BitEncodedInt64();
                if (strict && count != missing.Count)
                {
                    throw new InvalidOperationException($"expected {missing.Count} tensors for {GetName()}, the file has {count}");
                }

                for (long i = 0; i < count; i++)
                {
                    string key = StateFile.ReadName(reader);
                    if (!missing.Remove(key))
                    {
                        throw new InvalidOperationException($"{GetName()} has no '{key}', which is in the file");
                    }

                    StateFile.ReadInto(reader, state[key], key);
                    loadedParameters?.TryAdd(key, true);
                }

                if (strict && missing.Count > 0)
                {
                    throw new InvalidOperationException($"the file lacks '{missing.First()}' of {GetName()}");
                }

                return this;
            }

            /// <summary>Sets the gradients of all parameters to nothing.</summary>
            /// <param name="set_to_none">False to fill them with 0.</param>
            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var parameter in parameters())
                {
                    using var gradient = parameter.grad;
                    if (set_to_none)
                    {
                        parameter.grad = null;
                    }
                    else
                    {
                        gradient?.zero_();
                    }
                }
            }

            /// <summary>Releases the module and all below it.</summary>
            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Registers the instance fields that hold modules, parameters and tensors, under the fields' names.</summary>
            protected virtual void RegisterComponents()
            {
                foreach (var field in ComponentFields())
                {
                    string key = field.GetCustomAttribute<Utils.ComponentNameAttribute>()?.Name ?? field.Name;
                    switch (field.GetValue(this))
                    {
                        case Module module when !ownModules.ContainsKey(key):
                            register_module(key, module);
                            break;
                        case Parameter parameter when !ownParameters.ContainsKey(key):
                            register_parameter(key, parameter);
                            break;
                        case Tensor buffer when buffer is not Parameter && !ownBuffers.ContainsKey(key):
                            register_buffer(key, buffer);
                            break;
                    }
                }
            }

            /// <summary>Releases what the module owns.</summary>
            /// <param name="disposing">False on the finaliser's thread.</param>
            protected virtual void Dispose(bool disposing)
            {
                if (!disposing)
                {
                    return;
                }

                foreach (var (_, module) in ownModules)
                {
                    module.Dispose();
                }

                foreach (var tensor in ownParameters.Values.Concat(ownBuffers.Values))
                {
                    tensor.Dispose();
                }
            }

            // A move makes new tensors; the old ones are disposed, and fields that held them hold the new ones.
            internal void Move(ScalarType? type, Device? device)
            {
                foreach (var (_, module) in ownModules)
                {
                    module.Move(type, device);
                }

                var moved = new Dictionary<Tensor, Tensor>(ReferenceEqualityComparer.Instance);
                using (no_grad())
                {
                    Move(ownParameters, moved, type, device, (old, data) => new Parameter(data, old.requires_grad));
                    Move(ownBuffers, moved, type, device, (_, data) => data);
                }

                foreach (var field in ComponentFields())
                {
                    if (field.GetValue(this) is Tensor held && moved.TryGetValue(held, out var now))
                    {
                        field.SetValue(this, now);
                    }
                }

                foreach (var old in moved.Keys)
                {
                    old.Dispose();
                }
            }

            private static void Move<T>(OrderedDictionary<string, T> own, Dictionary<Tensor, Tensor> moved, ScalarType? type, Device? device, Func<T, Tensor, T> wrap)
                where T : Tensor
            {
                foreach (var (key, old) in own.ToArray())
                {
                    // As in PyTorch, only floating-point tensors change their type (a counter of batches stays an integer).
                    bool floating = old.dtype is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;
                    var wanted = floating && type is { } t ? t : old.dtype;
                    var place = device ?? old.device;
                    if (wanted != old.dtype || place.type != old.device_type || (place.index >= 0 && place.index != old.device.index))
                    {
                        T replacement = wrap(old, old.to(wanted, place));
                        replacement.DetachFromDisposeScope();
                        own[key] = replacement;
                        moved.Add(old, replacement);
                    }
                }
            }

            private IEnumerable<(string Name, T Tensor)> Named<T>(bool recurse, Func<Module, OrderedDictionary<string, T>> of)
            {
                var own = of(this).Select(entry => (entry.Key, entry.Value));
                return recurse
                    ? own.Concat(ownModules.SelectMany(child => child.Value.Named(true, of).Select(entry => ($"{child.Key}.{entry.Name}", entry.Tensor))))
                    : own;
            }

            private IEnumerable<FieldInfo> ComponentFields()
            {
                for (var type = GetType(); type is not null && type != typeof(Module); type = type.BaseType)
                {
                    foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                    {
                        yield return field;
                    }
                }
            }
        }
    }
}

public static partial class Utils
{
    /// <summary>Gives a field another key than its name.</summary>
    [AttributeUsage(AttributeTargets.Field)]
    public class ComponentNameAttribute : Attribute
    {
        /// <summary>The key.</summary>
        public string Name { get; set; } = string.Empty;
    }
}

/// <summary>Moves of modules.</summary>
public static class ModuleExtensionMethods
{
    /// <summary>Moves a module to another type of elements.</summary>
    /// <typeparam name="T">Type of the module.</typeparam>
    /// <param name="module">The module.</param>
    /// <param name="type">The type.</param>
    /// <param name="non_blocking">Whether the host may go on before the copies are done.</param>
    /// <returns>The module; its parameters are new objects if something changed.</returns>
    public static T to<T>(this T module, torch.ScalarType type, bool non_blocking = false)
        where T : torch.nn.Module
    {
        module.Move(type, null);
        return module;
    }

    /// <summary>Moves a module to another device.</summary>
    /// <typeparam name="T">Type of the module.</typeparam>
    /// <param name="module">The module.</param>
    /// <param name="device">The device.</param>
    /// <param name="non_blocking">Whether the host may go on before the copies are done.</param>
    /// <returns>The module; its parameters are new objects if something changed.</returns>
    public static T to<T>(this T module, torch.Device device, bool non_blocking = false)
        where T : torch.nn.Module
    {
        torch.InitializeDevice(device);
        module.Move(null, device);
        return module;
    }
}
