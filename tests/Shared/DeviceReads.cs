using System.Diagnostics.Metrics;

namespace Tclr.Testing;

/// <summary>Counts the copies from a device to the host, each of which waits for the device.</summary>
public sealed class DeviceReads : IDisposable
{
    private readonly MeterListener listener;
    private long count;

    public DeviceReads()
    {
        listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name is "tclr.device.reads")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, reads, _, _) => Interlocked.Add(ref count, reads));
        listener.Start();
    }

    public long Count => Interlocked.Read(ref count);

    public void Dispose() => listener.Dispose();
}
