using System.Text;

namespace Tclr.Cli;

/// <summary>Text to the terminal that does not throw where it cannot be written, as on a full disk or once the terminal is gone; what follows is dropped.</summary>
/// <param name="inner">Where the text goes.</param>
/// <param name="failed">Told of the first failure.</param>
internal sealed class SafeWriter(TextWriter inner, Action<IOException> failed) : TextWriter(System.Globalization.CultureInfo.InvariantCulture)
{
    private readonly Lock gate = new();

    public override Encoding Encoding => inner.Encoding;

    /// <summary>Why nothing more can be written.</summary>
    public IOException? Failure { get; private set; }

    public override void Write(char value) => Try(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Try(new string(buffer, index, count));

    public override void Write(string? value) => Try(value);

    public override void Flush() => Try(string.Empty);

    private void Try(string? text)
    {
        lock (gate)
        {
            if (Failure is not null)
            {
                return;
            }

            try
            {
                inner.Write(text);
                inner.Flush();
            }
            catch (IOException e)
            {
                Failure = e;
                failed(e);
            }
        }
    }
}
