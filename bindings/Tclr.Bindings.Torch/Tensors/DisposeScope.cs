namespace TorchSharp;

/// <summary>Disposes the tensors created inside it on this thread, but those moved out.</summary>
public sealed class DisposeScope : IDisposable
{
    private readonly HashSet<torch.Tensor> tensors = new(ReferenceEqualityComparer.Instance);
    private readonly int thread = Environment.CurrentManagedThreadId;

    internal DisposeScope(DisposeScope? outer) => Outer = outer;

    /// <summary>Number of tensors that would be disposed now.</summary>
    public int DisposablesCount => tensors.Count;

    internal DisposeScope? Outer { get; set; }

    /// <summary>Moves a tensor into the next outer scope, or out of all scopes.</summary>
    /// <typeparam name="T">Type of the tensor.</typeparam>
    /// <param name="disposable">The tensor.</param>
    /// <returns>The tensor.</returns>
    public T MoveToOuter<T>(T disposable)
        where T : IDisposable
    {
        if (disposable is torch.Tensor tensor && tensors.Remove(tensor))
        {
            tensor.Scope = Outer;
            Outer?.Include(tensor);
        }

        return disposable;
    }

    /// <summary>Takes a tensor out of all scopes.</summary>
    /// <typeparam name="T">Type of the tensor.</typeparam>
    /// <param name="disposable">The tensor.</param>
    /// <returns>The tensor.</returns>
    public T Detach<T>(T disposable)
        where T : IDisposable
    {
        if (disposable is torch.Tensor tensor && tensors.Remove(tensor))
        {
            tensor.Scope = null;
        }

        return disposable;
    }

    /// <summary>Disposes what was created inside.</summary>
    public void Dispose()
    {
        DisposeScopeManager.Remove(this);
        foreach (var tensor in tensors)
        {
            tensor.Scope = null;
            tensor.Dispose();
        }

        tensors.Clear();
    }

    internal void Include(torch.Tensor tensor) => tensors.Add(tensor);

    internal void Exclude(torch.Tensor tensor)
    {
        // A scope belongs to its thread; a tensor disposed on another one stays listed, and disposing it again does nothing.
        if (Environment.CurrentManagedThreadId == thread)
        {
            tensors.Remove(tensor);
        }
    }
}

/// <summary>The scopes of each thread.</summary>
public class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScope? current;

    internal static DisposeScope? Current => current;

    internal static DisposeScope Open() => current = new DisposeScope(current);

    internal static void Remove(DisposeScope scope)
    {
        if (ReferenceEquals(current, scope))
        {
            current = scope.Outer;
            return;
        }

        for (var inner = current; inner is not null; inner = inner.Outer)
        {
            if (ReferenceEquals(inner.Outer, scope))
            {
                inner.Outer = scope.Outer;
                return;
            }
        }
    }
}

public static partial class torch
{
    /// <summary>Opens a scope: tensors created on this thread until it is disposed die with it.</summary>
    /// <returns>The scope.</returns>
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.Open();
}
